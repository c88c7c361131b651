//! The numbers that tests name are those of the book's statements.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as the test may"
)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const BOOK: &str = "docs/src/wire-protocol.md";

#[test]
fn no_test_names_a_number_that_the_book_does_not_have() {
    let book: BTreeSet<_> = statements().into_iter().collect();
    let sources = sources();
    assert!(sources.len() > 100, "tests are looked for in {sources:?}");

    let unknown: Vec<_> = sources
        .iter()
        .flat_map(|path| {
            let text = fs::read_to_string(path).unwrap();
            let unknown = named(&text).into_iter();
            let unknown = unknown.filter(|number| !book.contains(number));
            unknown
                .map(|number| format!("P{number} in {}", path.display()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
}

#[test]
fn every_statement_of_the_book_has_a_test_and_a_number_of_its_own() {
    let statements = statements();
    let once: BTreeSet<_> = statements.iter().copied().collect();
    assert_eq!(once.len(), statements.len(), "{statements:?}");

    let tested: BTreeSet<_> = sources()
        .iter()
        .flat_map(|path| named(&fs::read_to_string(path).unwrap()))
        .collect();
    let untested: Vec<_> = once.difference(&tested).collect();
    assert!(untested.is_empty(), "no test names {untested:?}");
}

/// The numbers of the book's statements: `**P7**`.
fn statements() -> Vec<u32> {
    let book = fs::read_to_string(BOOK).unwrap();
    let numbers = book.split("**P").skip(1);
    numbers
        .filter_map(|rest| rest.split_once("**")?.0.parse().ok())
        .collect()
}

/// The numbers that a file names: `P7` in comments, `p07_` in names.
fn named(text: &str) -> Vec<u32> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let number = |word: &str| match word.strip_prefix('P') {
        Some(number) => number.parse().ok(),
        None => word.strip_prefix('p')?.split_once('_')?.0.parse().ok(),
    };
    words.filter_map(number).collect()
}

/// The Rust of the tests and of the crates that are published, with their own tests.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(".").unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if name == "tests" || name.to_string_lossy().starts_with("chanx-") {
            rust_below(&entry.path(), &mut found);
        }
    }
    found
}

fn rust_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}
