//! Why a payload is not its message: the second, slow reading.
//!
//! serde's own error texts name Rust types and say no path, so none of them is
//! ever looked at: they are kept for the log. What is asked of the deserializer,
//! which hook of its error type is called, and what the schema says of a text
//! are enough to tell.

mod access;
mod blame;
mod fault;
mod format;
mod key;
mod parts;
mod probe;
mod reader;
mod refusal;
mod texts;
mod value;

use schemars::Schema;
use serde::de::DeserializeOwned;

pub(super) use self::refusal::Refusal;
use self::value::Value;

/// Makes the schema of a type, which is costly.
pub(super) type SchemaOf = fn() -> Schema;

/// Reads a payload level by level, which [`scan`](super::scan) has looked through; of equal keys the last stands.
pub(super) fn explain<T: DeserializeOwned>(
    json: &str,
    schema: Option<SchemaOf>,
) -> Result<T, Refusal> {
    T::deserialize(Value::new(json)).map_err(|fault| {
        let fault = probe::settle::<T>(fault, json);
        let fault = match schema {
            Some(schema) if fault.is_unnamed() => blame::settle::<T>(fault, json, &schema()),
            _ => fault,
        };
        fault.into_refusal()
    })
}
