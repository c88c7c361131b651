//! Links between what is served, which hold wherever it is nested.

/// The link from a page at one path to another path.
///
/// Relative, because neither a router that is nested nor a proxy that takes
/// off a prefix tells what stands before its paths.
pub(super) fn relative(page: &str, target: &str) -> String {
    // They share the folders of which both have the slash.
    let same = page.bytes().zip(target.bytes());
    let same = same.take_while(|(left, right)| left == right).count();
    let folder = page.as_bytes()[..same]
        .iter()
        .rposition(|byte| *byte == b'/');
    let shared = folder.map_or(0, |slash| slash + 1);
    let up = "../".repeat(page[shared..].matches('/').count());
    let start = if up.is_empty() { "./" } else { &up };
    format!("{start}{}", &target[shared..])
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
        assert_eq!(relative("/é/b", "/è/b"), "../è/b");
        assert_eq!(relative("/docs/chat", "/docs"), "../docs");
        assert_eq!(relative("/docs/", "/docs"), "../docs");
    }
}
