//! Code is whole where it is read: GitHub shows the lines that rustdoc hides.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::rust_blocks;

#[test]
fn no_page_that_the_readme_leads_to_has_hidden_lines() {
    let pages = led_to_from(Path::new("README.md"));
    assert!(pages.contains(&path("docs/src/quick-start.md")));
    assert!(pages.contains(&path("docs/src/guides/testing.md")));

    let mut hidden = Vec::new();
    for page in &pages {
        let blocks = rust_blocks(&fs::read_to_string(page).unwrap());
        let lines = blocks.iter().flat_map(|block| block.lines());
        let lines = lines.filter(|line| is_hidden(line.trim_start()));
        hidden.extend(lines.map(|line| format!("{}: {line}", page.display())));
    }
    assert!(hidden.is_empty(), "hidden lines\n{}", hidden.join("\n"));
}

fn is_hidden(line: &str) -> bool {
    line == "#" || line.starts_with("# ")
}

/// The page and all pages of the repository that its links lead to.
fn led_to_from(page: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![fs::canonicalize(page).unwrap()];
    while let Some(page) = waiting.pop() {
        if found.contains(&page) {
            continue;
        }
        let text = fs::read_to_string(&page).unwrap();
        let links = text.split("](").skip(1);
        let links = links.filter_map(|rest| rest.split([')', '#']).next());
        let pages = links.filter(|link| link.ends_with(".md"));
        waiting.extend(pages.filter_map(|link| fs::canonicalize(page.with_file_name(link)).ok()));
        found.insert(page);
    }
    found
}

fn path(page: &str) -> PathBuf {
    fs::canonicalize(page).unwrap()
}
