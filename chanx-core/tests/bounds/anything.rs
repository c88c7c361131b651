//! A message with a place for everything, and what a frame of it is answered.

use std::collections::BTreeMap;

use bytes::Bytes;
use chanx_core::{
    Message, MessageSet,
    wire::{Inbound, Violation, error_frame, garde_validate},
};
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Has a place for everything, and breaks a rule wherever it can.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[garde(allow_unvalidated)]
#[serde(default)]
#[derive(Default)]
pub(crate) struct Anything {
    #[garde(inner(range(min = 5)))]
    numbers: Vec<u8>,
    #[garde(inner(length(min = 1)))]
    texts: Vec<String>,
    #[garde(dive)]
    children: Vec<Self>,
    #[garde(dive)]
    named: BTreeMap<String, Self>,
    value: Option<Value>,
    untagged: Option<Untagged>,
    #[garde(dive)]
    #[serde(flatten)]
    rest: BTreeMap<String, Part>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(untagged)]
enum Part {
    Number(#[garde(range(min = 5))] u8),
    Text(#[garde(length(min = 100_000))] String),
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Untagged {
    Number(u8),
    Texts(Vec<String>),
}

impl Message for Anything {
    const ACTION: &'static str = "anything";

    fn validate(&self) -> Result<(), Vec<Violation>> {
        garde_validate(self)
    }
}

/// The answer to a frame, unless it is a message as it should be.
pub(crate) fn answer(frame: &str) -> Option<Bytes> {
    let inbound = match Inbound::decode(frame.as_bytes()) {
        Ok(inbound) => inbound,
        Err(refusal) => return Some(refusal.to_frame()),
    };
    let invalid = Anything::decode(&inbound.action, inbound.payload).err()?;
    let error = invalid.into_error(&inbound.action);
    Some(error_frame(&error, &inbound.correlation))
}
