//! A page of the tutorial, taken apart.

use std::{fs, path::PathBuf};

use crate::transcript::Transcript;

/// The steps that a page has its reader do.
#[derive(Default)]
pub(crate) struct Page {
    /// The files that it shows, each whole.
    pub(crate) files: Vec<File>,
    /// The lines that are seen in terminals.
    pub(crate) transcripts: Vec<Transcript>,
    /// The address that a browser is sent to.
    pub(crate) addresses: Vec<String>,
}

pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn read(name: &str) -> Self {
        let path = repository().join(format!("docs/src/tutorial/{name}.md"));
        let text = fs::read_to_string(&path).expect("a page of the tutorial");
        let mut page = Self::default();
        let mut lines = text.lines();
        // The name of a block stands in a line of its own above it.
        let mut above = "";
        while let Some(line) = lines.next() {
            match line.strip_prefix("```") {
                Some(language) => {
                    let block = lines.by_ref().take_while(|line| *line != "```");
                    let block = block.map(|line| format!("{line}\n")).collect();
                    page.take(language, above, block);
                }
                None => page.addresses.extend(address(line)),
            }
            if !line.is_empty() {
                above = line;
            }
        }
        page
    }

    fn take(&mut self, language: &str, above: &str, text: String) {
        let name = above.strip_prefix('`').and_then(|it| it.strip_suffix('`'));
        match (language, name) {
            ("text", None) => self.transcripts.push(Transcript::parse(&text)),
            ("sh", None) => {}
            ("rust" | "toml", Some(path)) => {
                let path = path.to_owned();
                self.files.push(File { path, text });
            }
            _ => panic!("what is to be done with this {language} block below {above:?}?\n{text}"),
        }
    }
}

/// `<http://…>`, of which a line has one at most.
fn address(line: &str) -> Option<String> {
    let (_, behind) = line.split_once("<http://127.0.0.1")?;
    let (rest, _) = behind.split_once('>')?;
    Some(format!("http://127.0.0.1{rest}"))
}

/// The crate of the quick start: what `cargo new` writes, with the page's blocks.
pub(crate) fn quick_start() -> [File; 2] {
    let text = fs::read_to_string(repository().join("docs/src/quick-start.md")).expect("a page");
    let package = "[package]\nname = \"chat\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    [
        ("Cargo.toml", package, "```toml\n"),
        ("src/main.rs", "", "```rust\n"),
    ]
    .map(|(path, first, fence)| {
        let blocks = text.split(fence).skip(1);
        let blocks = blocks.filter_map(|rest| rest.split("```").next());
        let blocks: Vec<_> = [first].into_iter().chain(blocks).collect();
        File {
            path: path.to_owned(),
            text: blocks.join("\n").trim_start().to_owned(),
        }
    })
}

pub(crate) fn repository() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}
