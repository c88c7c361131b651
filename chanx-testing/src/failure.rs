//! The text of a test that fails.

use std::{fmt::Write, time::Duration};

use chanx_core::{
    Channel, ChannelLayer, ChannelOptions, Endpoint, Live,
    describe::{ChannelDescription, MessageDescription},
    wire::ErrorPayload,
};

use crate::{
    closed::Closed,
    line::Line,
    received::{Received, names},
    socket::Incoming,
};

/// Something that a test expected, and what came.
#[derive(Debug)]
pub(crate) struct Failure {
    expected: String,
    outcome: Box<Outcome>,
    /// The messages that came before, where several were expected.
    before: Option<Vec<Received>>,
    note: Option<String>,
}

/// The thing that came instead of what was expected.
#[derive(Debug)]
pub(crate) enum Outcome {
    Message(Received),
    /// The right message, with a payload that does not fit.
    Unreadable(Received, ErrorPayload),
    Garbage(String),
    Closed(Closed),
    Nothing(Duration),
    Unsendable(String),
}

impl Failure {
    pub(crate) fn new(expected: impl Into<String>, outcome: Outcome) -> Self {
        Self {
            expected: expected.into(),
            outcome: Box::new(outcome),
            before: None,
            note: None,
        }
    }

    /// Lists what was received up to the failure.
    pub(crate) fn after(mut self, before: Vec<Received>) -> Self {
        self.before = Some(before);
        self
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// The text for the consumer `C`.
    ///
    /// `failed` has a line for each failure in the server.
    pub(crate) fn render<C: Channel>(&self, line: Line, failed: &str, transcript: &str) -> String {
        let mut text = format!("{line}: expected {}, {}", self.expected, self.headline());
        if let Some(frame) = self.frame() {
            let _ = write!(text, "\n\n{frame}");
        }
        if let Some(before) = &self.before {
            let _ = write!(text, "\n\nbefore that came {}", list(before));
        }
        if let Some(note) = &self.note {
            let _ = write!(text, "\n\n{note}");
        }
        if !failed.is_empty() {
            let _ = write!(
                text,
                "\n\nwhat failed in the server:\n{}",
                failed.trim_end()
            );
        }
        let _ = write!(text, "\n\nthe last frames of the connection:\n{transcript}");
        let _ = write!(text, "\n\n{}", declared(&describe::<C>()));
        text
    }

    fn headline(&self) -> String {
        match &*self.outcome {
            Outcome::Message(received) if received.action().is_empty() => {
                "received a frame without an action".to_owned()
            }
            Outcome::Message(received) => format!("received `{}`", received.action()),
            Outcome::Unreadable(received, _) => format!(
                "received `{}`, but its payload does not fit",
                received.action()
            ),
            Outcome::Garbage(what) => format!("received {what}"),
            Outcome::Closed(closed) => format!("but the connection closed: {closed}"),
            Outcome::Nothing(patience) => format!("received nothing for {patience:?}"),
            Outcome::Unsendable(why) => why.clone(),
        }
    }

    fn frame(&self) -> Option<String> {
        match &*self.outcome {
            Outcome::Message(received) => Some(received.to_string()),
            Outcome::Unreadable(received, error) => {
                let error = serde_json::to_string_pretty(error).unwrap_or_default();
                Some(format!("{received}\n\n{error}"))
            }
            _ => None,
        }
    }
}

impl From<Incoming> for Outcome {
    fn from(incoming: Incoming) -> Self {
        match incoming {
            Incoming::Message(received) | Incoming::Completion(_, received) => {
                Self::Message(received)
            }
            Incoming::Garbage(what) => Self::Garbage(what),
            Incoming::Closed(closed) => Self::Closed(closed),
        }
    }
}

fn list(before: &[Received]) -> String {
    if before.is_empty() {
        return "no message".to_owned();
    }
    let frames: Vec<_> = before.iter().map(ToString::to_string).collect();
    format!("{}:\n\n{}", before.len(), frames.join("\n"))
}

fn describe<C: Channel>() -> std::sync::Arc<ChannelDescription> {
    let layer = ChannelLayer::new();
    let endpoint = Endpoint::<C>::new(layer, ChannelOptions::default(), Live::default());
    endpoint.description().clone()
}

/// The messages that a channel has declared, in one sentence.
fn declared(channel: &ChannelDescription) -> String {
    let operations = &channel.operations;
    let accepts = operations.iter().flat_map(|operation| &operation.messages);
    let sends = operations
        .iter()
        .flat_map(|operation| operation.replies.iter().chain(&operation.sends))
        .chain(&channel.sends);
    format!(
        "channel `{}` accepts {}; it sends {}",
        channel.name,
        actions(accepts),
        actions(sends),
    )
}

fn actions<'a>(messages: impl Iterator<Item = &'a MessageDescription>) -> String {
    let mut actions = Vec::new();
    for message in messages {
        if !actions.contains(&message.action) {
            actions.push(message.action);
        }
    }
    if actions.is_empty() {
        return "nothing".to_owned();
    }
    names(&actions)
}
