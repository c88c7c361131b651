//! The book and the README send nobody to a place that is not there.
//!
//! mdBook and GitHub show a broken link as they show any other.

use std::{
    fs,
    path::{Path, PathBuf},
};

const BOOK: &str = "docs/src";

/// The address under which the book links to files outside of it.
const REPOSITORY: &str = "https://github.com/chanx/chanx-rs";

#[test]
fn every_link_leads_somewhere() {
    let outside = [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "benches/README.md",
    ]
    .map(PathBuf::from);
    let broken: Vec<String> = pages_of_the_book()
        .iter()
        .chain(&outside)
        .flat_map(|page| broken_links(page))
        .collect();

    assert!(broken.is_empty(), "broken links\n{}", broken.join("\n"));
}

#[test]
fn every_page_is_in_the_table_of_contents() {
    let summary = Path::new(BOOK).join("SUMMARY.md");
    let listed: Vec<_> = links(&summary)
        .iter()
        .map(|link| Path::new(BOOK).join(link))
        .collect();

    let pages = pages_of_the_book();
    let included: Vec<_> = pages.iter().flat_map(|page| includes(page)).collect();
    for page in pages {
        assert!(
            page == summary || listed.contains(&page) || included.contains(&page),
            "{}",
            page.display()
        );
    }
}

fn broken_links(page: &Path) -> Vec<String> {
    let links = links(page).into_iter();
    links
        .filter(|link| !leads_somewhere(page, link))
        .map(|link| format!("{}: {link}", page.display()))
        .collect()
}

fn leads_somewhere(page: &Path, link: &str) -> bool {
    if link.contains("://") {
        return leads_into_the_repository(link).unwrap_or(true);
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = match path {
        "" => page.to_owned(),
        path => page.parent().expect("a page in a folder").join(path),
    };
    let Ok(target) = fs::canonicalize(target) else {
        return false;
    };
    // mdBook does not write files that lie outside of the book.
    let book = fs::canonicalize(BOOK).expect("the book");
    if page.starts_with(BOOK) && !target.starts_with(book) {
        return false;
    }
    anchor.is_empty() || anchors(&target).contains(&anchor.to_owned())
}

/// `None` for what is elsewhere.
fn leads_into_the_repository(link: &str) -> Option<bool> {
    let place = link.strip_prefix(REPOSITORY)?;
    let (file, folder) = (
        place.strip_prefix("/blob/main/"),
        place.strip_prefix("/tree/main/"),
    );
    let path = Path::new(file.or(folder)?);
    Some(if file.is_some() {
        path.is_file()
    } else {
        path.is_dir()
    })
}

/// The files that a page takes in.
fn includes(page: &Path) -> Vec<PathBuf> {
    let lines = prose(page).into_iter();
    let files = lines.filter_map(|line| {
        let file = line.strip_prefix("{{#include ")?.strip_suffix("}}")?;
        Some(page.with_file_name(file))
    });
    files.collect()
}

/// The targets of a page's links and pictures.
fn links(page: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for line in prose(page) {
        let line = without_code(&line);
        let behind = line.split("](").skip(1);
        let targets = behind.filter_map(|rest| rest.split_once(')'));
        found.extend(targets.map(|(target, _)| target.to_owned()));
        // `[name]: target`, by which other links go.
        let named = line
            .strip_prefix('[')
            .and_then(|rest| rest.split_once("]: "));
        found.extend(named.map(|(_, target)| target.to_owned()));
    }
    found
}

/// The names of headings, as mdBook and GitHub make them.
fn anchors(page: &Path) -> Vec<String> {
    let lines = prose(page).into_iter();
    let headings = lines.filter(|line| line.starts_with('#'));
    headings
        .map(|line| anchor(line.trim_start_matches('#')))
        .collect()
}

fn anchor(heading: &str) -> String {
    let heading = heading.trim().to_lowercase();
    let characters = heading.chars().filter_map(|character| match character {
        ' ' => Some('-'),
        '-' | '_' => Some(character),
        _ => character.is_alphanumeric().then_some(character),
    });
    characters.collect()
}

/// The lines outside of blocks of code.
fn prose(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page);
    let text = text.unwrap_or_else(|error| panic!("{}: {error}", page.display()));
    let mut in_code = false;
    let lines = text.lines().filter(|line| {
        let fence = line.starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    });
    lines.map(ToOwned::to_owned).collect()
}

fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

fn pages_of_the_book() -> Vec<PathBuf> {
    let mut pages = Vec::new();
    let mut folders = vec![PathBuf::from(BOOK)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the book") {
            let path = entry.expect("an entry of the folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    pages
}
