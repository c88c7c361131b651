//! A check for a missing field, where serde has read the object out of our sight.

use serde_json::value::RawValue;

use super::{
    super::Location,
    fault::{Fault, Reread},
    parts::{items, members},
};

/// Confirms that the field is missing from the object that the path names, if it is.
///
/// Putting it there changes what is wrong then. What it is missing from otherwise is
/// somewhere within the object.
pub(super) fn settle(fault: Fault, json: &str, reread: Reread) -> Fault {
    if fault.missing_somewhere().is_none() {
        return fault;
    }
    let path: Vec<_> = fault.path().collect();
    let filled = with_null(json, &path);
    let fault_of_filled = filled.and_then(|filled| reread(&filled));
    match fault_of_filled {
        Some(other) if other == fault => fault,
        _ => fault.seen(),
    }
}

/// The JSON with a `null` at a path whose last step is not there yet.
fn with_null(json: &str, path: &[&Location]) -> Option<String> {
    let (step, rest) = path.split_first()?;
    if rest.is_empty() {
        return with_member(json, step);
    }
    let child = child(json, step)?.get();
    let from = child.as_ptr().addr() - json.as_ptr().addr();
    let mut filled = json.to_owned();
    filled.replace_range(from..from + child.len(), &with_null(child, rest)?);
    Some(filled)
}

fn with_member(json: &str, key: &Location) -> Option<String> {
    let key = serde_json::to_string(key).ok()?;
    let members = json.strip_prefix('{')?;
    let comma = if members.trim_ascii_start() == "}" {
        ""
    } else {
        ","
    };
    Some(format!("{{{key}:null{comma}{members}"))
}

fn child<'de>(json: &'de str, step: &Location) -> Option<&'de RawValue> {
    match step {
        Location::Index(index) => items(json).ok()?.get(*index).copied(),
        Location::Key(key) => {
            let members = members(json).ok()?;
            let (_, child) = members.into_iter().find(|(name, _)| name == key)?;
            Some(child)
        }
    }
}
