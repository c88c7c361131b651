//! Which text is no date, UUID or whatever else its schema says that it is.
//!
//! A type that parses a text says of a bad one only that it is refused. The
//! schema has a name for what was expected, its `format`. Whether that is what
//! is wrong is tried out: with a good text in its place, something changes.

use schemars::Schema;
use serde::de::DeserializeOwned;

use super::{
    fault::Fault,
    texts::{Text, texts},
    value::Value,
};

/// Finds the first text that is to blame, and names what is wrong with it.
///
/// Reads the payload once for every power of two in the number of texts.
pub(super) fn settle<T: DeserializeOwned>(fault: Fault, json: &str, schema: &Schema) -> Fault {
    let mut texts = texts(json, schema.as_value(), &fault);
    let stays = |kept: usize| {
        let changed = with_samples(json, &texts[kept..]);
        matches!(T::deserialize(Value::new(&changed)), Err(other) if other == fault)
    };
    if texts.is_empty() || stays(0) {
        return fault;
    }
    // With so many of the first texts kept, the fault is gone, or is still there.
    let (mut gone, mut there) = (0, texts.len());
    while there - gone > 1 {
        let middle = gone.midpoint(there);
        if stays(middle) {
            there = middle;
        } else {
            gone = middle;
        }
    }
    let Text { path, format, .. } = texts.swap_remove(gone);
    fault.named(format.kind, path)
}

/// The JSON with good texts in place of these.
fn with_samples(json: &str, texts: &[Text]) -> String {
    let mut changed = String::with_capacity(json.len());
    let mut from = 0;
    for text in texts {
        changed.push_str(&json[from..text.place.start]);
        changed.push_str(text.format.sample);
        from = text.place.end;
    }
    changed.push_str(&json[from..]);
    changed
}
