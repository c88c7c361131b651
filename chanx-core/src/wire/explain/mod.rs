//! Why a payload is not its message: the second, slow reading.
//!
//! serde's own error texts name Rust types and say no path, so none of them is
//! ever looked at. What is asked of the deserializer, and which hook of its
//! error type is called, are enough to tell.

mod access;
mod fault;
mod key;
mod parts;
mod probe;
mod reader;
mod value;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use self::value::Value;
use super::Violation;

/// Reads a payload level by level, which [`scan`](super::scan) has looked through; of equal keys the last stands.
pub(super) fn explain<T: DeserializeOwned>(raw: &RawValue) -> Result<T, Violation> {
    let json = raw.get();
    let read = T::deserialize(Value::new(json));
    read.map_err(|fault| probe::settle::<T>(fault, json).into_violation())
}
