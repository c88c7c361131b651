//! Documents that are kept in a file, beside the code that they describe.

use std::path::Path;

use chanx_asyncapi::Document;
use serde_json::Value;

use crate::kept::Kept;

/// Set to anything, it makes [`assert_document_current`] write files instead of comparing them.
const UPDATE: &str = "UPDATE_ASYNCAPI";

/// Fails when the file at `path` is no longer the document, and shows the difference.
///
/// A path ending in `.yaml` or `.yml` is written as YAML, which the feature `yaml` is for,
/// any other as JSON.
/// JSON is compared by what it says: the order of keys and the indentation
/// are the file's own. With the environment variable `UPDATE_ASYNCAPI` set
/// the file is written instead.
///
/// ```
/// # use chanx::Channels;
/// # use chanx::{Info, ChannelLayer};
/// # use chanx_testing::assert_document_current;
/// # let channels: Channels = Channels::new(ChannelLayer::new())
/// #     .asyncapi(Info::new("Chat API", "1.0.0"));
/// # let path = std::env::temp_dir().join("chanx-testing-doctest.json");
/// # std::fs::write(&path, channels.asyncapi_document().to_json()).unwrap();
/// assert_document_current(path, &channels.asyncapi_document());
/// ```
///
/// # Panics
///
/// When the file says something else, or cannot be read or written, and for YAML without the
/// feature `yaml`.
#[track_caller]
pub fn assert_document_current(path: impl AsRef<Path>, document: &Document) {
    let path = path.as_ref();
    let extension = path.extension();
    let is_yaml = extension.is_some_and(|extension| extension == "yaml" || extension == "yml");
    let (current, comparable): (_, fn(&str) -> _) = if is_yaml {
        (yaml(document), |yaml| Ok(yaml.to_owned()))
    } else {
        (document.to_json(), sorted)
    };
    let kept = Kept {
        path,
        what: "document",
        update: UPDATE,
        current,
        comparable,
    };
    kept.assert_current();
}

#[cfg(feature = "yaml")]
fn yaml(document: &Document) -> String {
    document.to_yaml()
}

#[cfg(not(feature = "yaml"))]
#[track_caller]
fn yaml(_: &Document) -> String {
    panic!("a document is written as YAML with the feature `yaml` of chanx-testing alone");
}

/// JSON as indented text, with the keys of every object in order.
fn sorted(json: &str) -> serde_json::Result<String> {
    let mut value: Value = serde_json::from_str(json)?;
    value.sort_all_objects();
    serde_json::to_string_pretty(&value).map(|text| text + "\n")
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use chanx_asyncapi::{Document, Info};

    use super::assert_document_current;

    fn document(version: &str) -> Document {
        Document::new(Info::new("Chat API", version), &[])
    }

    /// A file of this test's own, in the build's folder.
    fn file(name: &str, text: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("chanx-{}-{name}", std::process::id()));
        fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn a_file_that_says_the_same_is_current() {
        let document = document("1.0.0");
        let json = document.to_json().replace("\n  ", "\n");

        assert_document_current(file("same.json", &json), &document);
    }

    #[test]
    #[cfg(feature = "yaml")]
    fn a_file_of_yaml_that_is_the_same_is_current() {
        let document = document("1.0.0");

        assert_document_current(file("same.yaml", &document.to_yaml()), &document);
    }

    #[test]
    #[cfg(not(feature = "yaml"))]
    #[should_panic(expected = "the feature `yaml` of chanx-testing")]
    fn yaml_is_refused_without_its_feature() {
        assert_document_current("asyncapi.yaml", &document("1.0.0"));
    }

    #[test]
    #[should_panic(expected = "-    \"version\": \"1.0.0\"\n+    \"version\": \"1.1.0\"\n")]
    fn what_has_changed_is_shown() {
        let path = file("changed.json", &document("1.0.0").to_json());

        assert_document_current(path, &document("1.1.0"));
    }

    #[test]
    #[cfg(feature = "yaml")]
    #[should_panic(expected = "-  version: \"1.0.0\"\n+  version: \"1.1.0\"\n")]
    fn what_has_changed_is_shown_in_yaml_too() {
        let path = file("changed.yaml", &document("1.0.0").to_yaml());

        assert_document_current(path, &document("1.1.0"));
    }

    #[test]
    #[should_panic(expected = "to write the file, run the test with UPDATE_ASYNCAPI=1")]
    fn a_file_that_is_not_there_is_asked_for() {
        assert_document_current("/nowhere/asyncapi.json", &document("1.0.0"));
    }

    #[test]
    #[should_panic(expected = "is not JSON")]
    fn a_file_that_is_no_document_is_told() {
        assert_document_current(file("broken.json", "{"), &document("1.0.0"));
    }
}
