//! The value that is not as its schema says.
//!
//! A type that parses a text says of a bad one only that it is refused, and
//! what serde reads from a buffer comes without a path. The schema has a name
//! for what was expected. Whether that is what is wrong is tried out: with a
//! good value in its place, something changes.

use schemars::Schema;

use super::{
    fault::{Fault, Reread},
    suspects::{Suspect, suspects},
};

/// Finds the first value that is to blame, and names what is wrong with it.
///
/// Reads the payload once for every power of two in the number of suspects.
pub(super) fn settle(fault: Fault, json: &str, schema: &Schema, reread: Reread) -> Fault {
    let mut suspects = suspects(json, schema.as_value(), &fault);
    let stays = |kept: usize| {
        let changed = with_samples(json, &suspects[kept..]);
        reread(&changed).is_some_and(|other| other == fault)
    };
    if suspects.is_empty() || stays(0) {
        return fault;
    }
    // With so many of the first suspects kept, the fault is gone, or is still there.
    let (mut gone, mut there) = (0, suspects.len());
    while there - gone > 1 {
        let middle = gone.midpoint(there);
        if stays(middle) {
            there = middle;
        } else {
            gone = middle;
        }
    }
    let Suspect { path, kind, .. } = suspects.swap_remove(gone);
    fault.named(kind, path)
}

/// The JSON with good values in place of these.
fn with_samples(json: &str, suspects: &[Suspect]) -> String {
    let mut changed = String::with_capacity(json.len());
    let mut from = 0;
    for suspect in suspects {
        changed.push_str(&json[from..suspect.place.start]);
        changed.push_str(&suspect.sample);
        from = suspect.place.end;
    }
    changed.push_str(&json[from..]);
    changed
}
