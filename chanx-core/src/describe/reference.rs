//! References from one schema to another.

use percent_encoding::percent_decode_str;

/// The place where schemars keeps named types, as references say it.
const DEFINITIONS: &str = "#/$defs/";

/// The key in [`Protocol::types`](super::Protocol::types) of the type that a `$ref` names;
/// `None` where it leads to another place than the named types.
///
/// ```
/// use chanx::describe::referred_type;
///
/// assert_eq!(referred_type("#/$defs/Point").as_deref(), Some("Point"));
/// assert_eq!(referred_type("#/$defs/and~1or%3F").as_deref(), Some("and/or?"));
/// assert_eq!(referred_type("#"), None);
/// ```
#[must_use]
pub fn referred_type(reference: &str) -> Option<String> {
    let key = reference.strip_prefix(DEFINITIONS)?;
    let key = percent_decode_str(key).decode_utf8_lossy();
    Some(key.replace("~1", "/").replace("~0", "~"))
}
