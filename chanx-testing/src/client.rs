//! Clients that are kept in a file, in the folder of what uses them.

use std::path::Path;

use chanx_typescript::Client;

use crate::kept::Kept;

/// Set to anything, it makes [`assert_client_current`] write files instead of comparing them.
const UPDATE: &str = "UPDATE_TYPESCRIPT";

/// Fails when the file at `path` is no longer the client, and shows the difference.
///
/// A path ending in `.d.ts` has the types alone, one ending in `.js` the code
/// alone, any other both. With the environment variable `UPDATE_TYPESCRIPT` set
/// the file is written instead.
///
/// ```
/// # use chanx::{ChannelLayer, Channels};
/// # use chanx_testing::assert_client_current;
/// # let channels: Channels = Channels::new(ChannelLayer::new());
/// # let path = std::env::temp_dir().join("chanx-testing-doctest.ts");
/// # std::fs::write(&path, channels.typescript_client().typescript()).unwrap();
/// assert_client_current(path, &channels.typescript_client());
/// ```
///
/// # Panics
///
/// When the file says something else, or cannot be read or written.
#[track_caller]
pub fn assert_client_current(path: impl AsRef<Path>, client: &Client) {
    let path = path.as_ref();
    let name = path.to_string_lossy();
    let current = if name.ends_with(".d.ts") {
        client.declarations()
    } else if path.extension().is_some_and(|extension| extension == "js") {
        client.javascript()
    } else {
        client.typescript()
    };
    let kept = Kept {
        path,
        what: "client",
        update: UPDATE,
        current,
        comparable: |text| Ok(text.replace("\r\n", "\n")),
    };
    kept.assert_current();
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use chanx_core::describe::Protocol;
    use chanx_typescript::Client;

    use super::assert_client_current;

    fn client() -> Client {
        Client::of(&Protocol::default())
    }

    /// A file of this test's own, in the build's folder.
    fn file(name: &str, text: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("chanx-{}-{name}", std::process::id()));
        fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn a_file_in_each_form_is_compared_with_that_form() {
        let client = client();

        assert_client_current(file("client.ts", &client.typescript()), &client);
        assert_client_current(file("client.js", &client.javascript()), &client);
        assert_client_current(file("client.d.ts", &client.declarations()), &client);
    }

    /// A checkout on Windows has them so.
    #[test]
    fn ends_of_lines_are_no_difference() {
        let client = client();
        let text = client.typescript().replace('\n', "\r\n");

        assert_client_current(file("windows.ts", &text), &client);
    }

    #[test]
    #[should_panic(expected = "-export interface Channel {\n+export interface Channels {\n")]
    fn what_has_changed_is_shown() {
        let client = client();
        let text = client.typescript();
        let old = text.replace("export interface Channels {", "export interface Channel {");

        assert_client_current(file("changed.ts", &old), &client);
    }

    #[test]
    #[should_panic(expected = "to write the file, run the test with UPDATE_TYPESCRIPT=1")]
    fn a_file_that_is_not_there_is_asked_for() {
        assert_client_current("/nowhere/client.ts", &client());
    }
}
