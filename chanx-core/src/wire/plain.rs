//! A frame that is written as most are.

use super::scan;

/// The beginning of a frame, up to its action.
const HEAD: &str = r#"{"action":""#;

/// All between an action and its payload.
const MIDDLE: &str = r#"","payload":"#;

/// The action of a frame that has nothing but an action and a payload, and the text
/// that stands for the payload.
///
/// Such a frame is cut by comparing it with what it would be. That leaves open
/// whether the payload is JSON, and the end of it the end of the frame: it is for
/// serde_json to tell, when it reads that text as one value or fails to. `None` of a
/// frame that is written in another way, or is likely to hold more.
#[inline]
pub(super) fn cut(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix(HEAD)?;
    // What is written without an escape is meant as it is written.
    let ends = |byte| matches!(byte, b'"' | b'\\' | 0..0x20);
    let (action, rest) = rest.split_at(rest.bytes().position(ends)?);
    let payload = rest.strip_prefix(MIDDLE)?.strip_suffix('}')?;
    // A `ref` or a `version` at the end of a frame ends with a quote or a digit.
    let is_likely = matches!(payload.as_bytes(), [.., b'}' | b']'] | b"null");
    (is_likely && scan::check(text).is_ok()).then_some((action, payload))
}
