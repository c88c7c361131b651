//! The second, slow reading, which finds out why a payload is not its message.
//!
//! serde's own error texts name Rust types and say no path, so none of them is
//! ever looked at: they are kept for the log. What is asked of the deserializer,
//! which hook of its error type is called, and what the schema says of a text
//! are enough to tell.

mod access;
mod blame;
mod doubts;
mod fault;
mod format;
mod key;
mod misfit;
mod parts;
mod probe;
mod reader;
mod refusal;
mod schemas;
mod suspects;
mod value;

use serde::de::DeserializeOwned;

pub(super) use self::refusal::Refusal;
use self::{
    fault::{Fault, Reread},
    value::Value,
};
use super::known_schemas::SchemaOf;

/// Reads a payload level by level, which [`scan`](super::scan) has looked through; of equal keys the last stands.
pub(super) fn explain<T: DeserializeOwned>(
    json: &str,
    schema: Option<SchemaOf>,
) -> Result<T, Refusal> {
    match T::deserialize(Value::new(json)) {
        Ok(value) => doubts(json, schema).map(|()| value),
        Err(fault) => {
            let reread: Reread = |json| T::deserialize(Value::new(json)).err();
            Err(settle(fault, json, schema, reread))
        }
    }
}

/// Finds out what is wrong, and where. Compiled once, and not for each type of message.
fn settle(fault: Fault, json: &str, schema: Option<SchemaOf>, reread: Reread) -> Refusal {
    let fault = probe::settle(fault, json, reread);
    let fault = match schema {
        Some(schema) if fault.is_unnamed() => blame::settle(fault, json, &schema().get(), reread),
        _ => fault,
    };
    fault.at_place().into_refusal()
}

/// Refuses a payload that has been read, where something in it has been taken
/// for what the schema does not know.
#[cold]
pub(super) fn doubts(json: &str, schema: Option<SchemaOf>) -> Result<(), Refusal> {
    let Some(schema) = schema else {
        return Ok(());
    };
    doubts::settle(json, schema().get().as_value()).map_err(Fault::into_refusal)
}

/// The text of an object's member; `None` where it has none of the name, or that is no text.
pub(crate) fn text_of_member(object: &str, name: &str) -> Option<String> {
    let members = parts::members(object).ok()?;
    let (_, value) = members.into_iter().find(|(key, _)| key == name)?;
    Value::new(value.get()).text().ok()
}
