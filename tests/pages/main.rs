//! The code of the book's pages that rustdoc does not run, and the form of all of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod authentication;
mod testing;
mod whole;

/// The Rust of a page, block by block.
fn rust_blocks(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(language) = line.trim_start().strip_prefix("```") else {
            continue;
        };
        let block = lines.by_ref().take_while(|line| line.trim_start() != "```");
        let block = block.map(|line| format!("{line}\n")).collect();
        if language.starts_with("rust") {
            blocks.push(block);
        }
    }
    blocks
}
