//! A message as it came.

use std::fmt;

use chanx_core::{
    MessageSet,
    wire::{ErrorPayload, Payload},
};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::line::Line;

/// A message as it came, not yet read as a type.
///
/// Its `Debug` and `Display` are indented JSON. Made by
/// [`Communicator::receive_any`](crate::Communicator::receive_any) and
/// [`receive_all`](crate::Communicator::receive_all).
#[derive(Clone, PartialEq, Eq)]
pub struct Received {
    text: String,
    json: Value,
}

/// The part of a frame that is read besides its JSON: the payload as it was written.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

impl Received {
    /// # Errors
    ///
    /// When the text is not JSON.
    pub(crate) fn new(text: &str) -> Result<Self, serde_json::Error> {
        Ok(Self {
            json: serde_json::from_str(text)?,
            text: text.to_owned(),
        })
    }

    /// The action; empty where there is none.
    #[must_use]
    pub fn action(&self) -> &str {
        self.json["action"].as_str().unwrap_or_default()
    }

    /// The payload; `null` where there is none.
    #[must_use]
    pub fn payload(&self) -> &Value {
        &self.json["payload"]
    }

    /// The `ref` of the message that it answers.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        self.json["ref"].as_str()
    }

    /// The topic that it belongs to.
    #[must_use]
    pub fn topic(&self) -> Option<&str> {
        self.json["topic"].as_str()
    }

    /// The number that its publisher has given it.
    #[must_use]
    pub fn seq(&self) -> Option<u64> {
        self.json["seq"].as_u64()
    }

    /// The whole frame.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Reads it as a message, or as one of an enum of messages.
    ///
    /// # Panics
    ///
    /// When it is another message, or its payload does not fit.
    #[must_use]
    #[track_caller]
    pub fn parse<M: MessageSet>(&self) -> M {
        let line = Line::here();
        assert!(
            self.is::<M>(),
            "{line}: expected {}, received `{}`\n\n{self}",
            names(M::ACTIONS),
            self.action(),
        );
        self.decode().unwrap_or_else(|error| {
            panic!(
                "{line}: received `{}`, but its payload does not fit: {}\n\n{self}",
                self.action(),
                indented(&error),
            )
        })
    }

    pub(crate) fn is<M: MessageSet>(&self) -> bool {
        M::ACTIONS.contains(&self.action())
    }

    /// # Errors
    ///
    /// What keeps the payload from being the message.
    pub(crate) fn decode<M: MessageSet>(&self) -> Result<M, ErrorPayload> {
        let envelope: Result<Envelope<'_>, _> = serde_json::from_str(&self.text);
        let payload = envelope.ok().and_then(|envelope| envelope.payload);
        payload
            .map_or(Ok(Payload::NULL), |payload| {
                Payload::from_json(payload.get())
            })
            .and_then(|payload| M::decode(self.action(), payload))
            .map_err(|invalid| invalid.into_error(self.action()))
    }
}

impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&indented(&self.json))
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Actions as a list for people.
pub(crate) fn names(actions: &[impl AsRef<str>]) -> String {
    let quoted = actions
        .iter()
        .map(|action| format!("`{}`", action.as_ref()));
    quoted.collect::<Vec<_>>().join(", ")
}

fn indented(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).expect("strings and numbers are always JSON")
}
