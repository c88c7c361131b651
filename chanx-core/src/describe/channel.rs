//! A channel as data, and its handlers.

use serde::{Deserialize, Serialize};

use super::{HandshakeDescription, MessageDescription};

/// A consumer's protocol as data.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ChannelDescription {
    /// The channel's name.
    pub name: &'static str,
    /// What `#[channel]` or the doc comment of its block says.
    pub description: Option<&'static str>,
    /// Words to group channels by.
    pub tags: &'static [&'static str],
    /// The groups that every connection joins.
    pub groups: &'static [&'static str],
    /// What the handshake reads of the request.
    pub handshake: HandshakeDescription,
    /// What the channel declares to send outside any one handler.
    pub sends: Vec<MessageDescription>,
    /// The handlers, in order of declaration.
    pub operations: Vec<OperationDescription>,
}

/// One handler as data.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OperationDescription {
    /// What its attribute and doc comment say.
    pub handler: HandlerDescription,
    /// Who sets it off.
    pub direction: Direction,
    /// What it takes from the client; empty for events.
    pub messages: Vec<MessageDescription>,
    /// What it returns.
    pub replies: Vec<MessageDescription>,
    /// Whether these may be a stream, which ends with `complete`.
    pub may_stream: bool,
    /// What it declares to send besides.
    pub sends: Vec<MessageDescription>,
}

/// What a handler's attribute and doc comment say; an event that passes
/// through has the name of its action.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct HandlerDescription {
    /// The method's name.
    pub name: &'static str,
    /// One line.
    pub summary: Option<&'static str>,
    /// The rest.
    pub description: Option<&'static str>,
    /// Words to group operations by.
    pub tags: &'static [&'static str],
    /// The reasons of the errors that it may answer with.
    pub reasons: &'static [&'static str],
    /// Whether it is there for older clients alone.
    pub deprecated: bool,
}

impl HandlerDescription {
    /// A handler of which only its name is known.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            summary: None,
            description: None,
            tags: &[],
            reasons: &[],
            deprecated: false,
        }
    }

    /// Says in one line what the handler is for.
    #[must_use]
    pub const fn with_summary(mut self, summary: &'static str) -> Self {
        self.summary = Some(summary);
        self
    }

    /// Says the rest.
    #[must_use]
    pub const fn with_description(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }

    /// Lists the reasons of the errors that the handler may answer with.
    #[must_use]
    pub const fn with_reasons(mut self, reasons: &'static [&'static str]) -> Self {
        self.reasons = reasons;
        self
    }

    /// Says that it is there for older clients alone.
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    /// Groups the handler with others by these words.
    #[must_use]
    pub const fn with_tags(mut self, tags: &'static [&'static str]) -> Self {
        self.tags = tags;
        self
    }
}

/// Who sets an operation off, from the server's point of view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Direction {
    /// A client's message: AsyncAPI's `receive`.
    Receive,
    /// An event of the application: AsyncAPI's `send`.
    Send,
}
