//! Why a payload is not its message: the second, slow reading.
//!
//! serde's own error texts name Rust types and say no path, so none of them is
//! ever looked at. What is asked of the deserializer and which hook of its
//! error type is called are enough to tell.

mod access;
mod fault;
mod reader;

use serde::de::DeserializeOwned;
use serde_json::{Value, value::RawValue};

use self::{fault::Fault, reader::Reader};
use super::{Violation, kind::Kind};

/// Reads a payload as a tree, in which the last of several equal keys stands.
pub(super) fn explain<T: DeserializeOwned>(raw: &RawValue) -> Result<T, Violation> {
    // What is JSON and still cannot be a tree has a number beyond a double.
    let tree: Value =
        serde_json::from_str(raw.get()).map_err(|_| Violation::of(Kind::FiniteNumber))?;
    T::deserialize(Reader::new(&tree)).map_err(Fault::into_violation)
}
