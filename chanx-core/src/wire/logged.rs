//! An error in one line of the log.

use std::fmt::{self, Write};

use super::{ErrorPayload, Foreign, Location};

/// The most violations that are told.
const TOLD: usize = 3;

/// An error in one line of the log: what is wrong and where, without the
/// values that a client has sent.
pub(crate) struct Logged<'a>(pub(crate) &'a ErrorPayload);

impl fmt::Display for Logged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let violations = match self.0 {
            ErrorPayload::Violations(violations) => violations,
            ErrorPayload::Detail { detail, .. } => {
                return Foreign::prose(detail).fmt(f);
            }
        };
        for (n, violation) in violations.iter().take(TOLD).enumerate() {
            if n > 0 {
                f.write_str("; ")?;
            }
            f.write_str(&Foreign::name(&violation.kind).to_text())?;
            if !violation.path.is_empty() {
                let path = Foreign::name(&path(&violation.path)).to_string();
                write!(f, " at {path}")?;
            }
        }
        match violations.len().saturating_sub(TOLD) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

/// The beginning of a path, as long as a name may be shown.
fn path(steps: &[Location]) -> String {
    let mut path = String::new();
    for step in steps.iter().take(64) {
        if !path.is_empty() {
            path.push('.');
        }
        // Writing to a string does not fail.
        let _ = match step {
            Location::Key(key) => path.write_str(&key[..key.floor_char_boundary(256)]),
            Location::Index(index) => write!(path, "{index}"),
        };
    }
    path
}
