//! A channel as data, and its handlers.

use serde::{Deserialize, Serialize};

use super::{HandshakeDescription, MessageDescription};

/// A consumer's protocol as data.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ChannelDescription {
    /// The channel's name.
    pub name: &'static str,
    /// The text of `#[channel]`, or of the doc comment of its block.
    pub description: Option<&'static str>,
    /// Words to group channels by.
    pub tags: &'static [&'static str],
    /// The groups that every connection joins.
    pub groups: &'static [&'static str],
    /// The parts of the request that the handshake reads.
    pub handshake: HandshakeDescription,
    /// The messages that the channel declares to send outside any one handler.
    pub sends: Vec<MessageDescription>,
    /// The handlers, in order of declaration.
    pub operations: Vec<OperationDescription>,
    /// The topics that its clients may subscribe to, in order of declaration.
    pub topics: Vec<TopicDescription>,
}

/// One topic of a channel as data.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TopicDescription {
    /// The words of its method's attribute and doc comment.
    pub handler: HandlerDescription,
    /// The pattern of its topics: `room:{room}`.
    pub pattern: &'static str,
    /// The names of the pattern's parameters, in order.
    pub parameters: Vec<&'static str>,
    /// The channel that the consumer of a subscription declares.
    pub channel: ChannelDescription,
}

/// One handler as data.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OperationDescription {
    /// The words of its attribute and doc comment.
    pub handler: HandlerDescription,
    /// The side that sets it off.
    pub direction: Direction,
    /// The messages that it takes from the client; empty for events.
    pub messages: Vec<MessageDescription>,
    /// The messages that it returns: answers to the client, for an event pushes.
    pub replies: Vec<MessageDescription>,
    /// True if `replies` may be a stream: any number of them, then `complete` where the
    /// question has a `ref`.
    pub may_stream: bool,
    /// The messages that it declares to send besides.
    pub sends: Vec<MessageDescription>,
}

/// The words of a handler's attribute and doc comment.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct HandlerDescription {
    /// The method's name; of an event that passes through, its action.
    pub name: &'static str,
    /// The purpose in one line: the first of the doc comment.
    pub summary: Option<&'static str>,
    /// The rest of the doc comment.
    pub description: Option<&'static str>,
    /// Words to group operations by.
    pub tags: &'static [&'static str],
    /// The reasons of the errors that it may answer with, as far as they are declared.
    pub reasons: &'static [&'static str],
    /// True if it is there for older clients alone.
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

    /// Says the rest of what the handler is for.
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

/// The side that sets an operation off, from the server's point of view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Direction {
    /// A client's message: AsyncAPI's `receive`.
    Receive,
    /// An event of the application: AsyncAPI's `send`.
    Send,
}
