//! Messages whose payload is a plain string: structs around one value.

use chanx::{Event, Message};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Words that are to be added to.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "extra_request")]
pub(crate) struct ExtraRequestMessage(pub(crate) String);

/// The words and what was added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "extra_response")]
pub(crate) struct ExtraResponseMessage(pub(crate) String);

/// Words that are to be added to, from within the application.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
#[event(action = "extra_event")]
pub(crate) struct ExtraEvent(pub(crate) String);

/// Words that go to the client as they are.
///
/// A type that is both event and message needs no handler: the channel passes
/// it through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message, Event)]
#[message(action = "extra_passthrough")]
pub(crate) struct ExtraPassthroughMessage(pub(crate) String);

impl ExtraResponseMessage {
    pub(crate) fn to(words: &str) -> Self {
        Self(format!("{words} any extra thing"))
    }
}
