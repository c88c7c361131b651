//! Links between what is served, which hold wherever it is nested.

/// The link from a page at one path to another path.
///
/// Relative, because neither a router that is nested nor a proxy that takes
/// off a prefix tells what stands before its paths.
pub(super) fn relative(page: &str, target: &str) -> String {
    let mut directories: Vec<_> = page.split('/').collect();
    directories.pop();
    let target: Vec<_> = target.split('/').collect();
    let shared = directories
        .iter()
        .zip(&target)
        .take_while(|(left, right)| left == right)
        .count();
    let up = "../".repeat(directories.len() - shared);
    let start = if up.is_empty() { "./" } else { &up };
    format!("{start}{}", target[shared..].join("/"))
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn a_link_starts_where_the_page_is() {
        assert_eq!(relative("/asyncapi", "/asyncapi.json"), "./asyncapi.json");
        assert_eq!(
            relative("/asyncapi", "/asyncapi/assets"),
            "./asyncapi/assets"
        );
        assert_eq!(relative("/docs/chat", "/chat.json"), "../chat.json");
        assert_eq!(relative("/docs/", "/docs/assets"), "./assets");
        assert_eq!(relative("/a/b/c", "/a/x/y"), "../x/y");
    }
}
