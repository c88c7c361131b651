//! The stops at which a test ends its reading.

use std::fmt;

/// The stop of [`Communicator::receive_all`](crate::Communicator::receive_all).
///
/// The first three need completion frames, which a connection in memory has
/// and a server at a real address sends only where its options say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Until<'a> {
    /// Everything that this client has sent has been dealt with.
    Complete,
    /// A group message has been delivered.
    ///
    /// One that a test has taken already does not count.
    GroupComplete,
    /// An event has been dealt with.
    ///
    /// One whose message a test has taken already does not count.
    EventComplete,
    /// A message of this action has come, which is the last of what is returned.
    Action(&'a str),
    /// So many messages have come.
    Count(usize),
    /// The connection closes.
    Closed,
}

/// The thing that has been completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Completion {
    Message,
    Group,
    Event,
}

impl Completion {
    pub(crate) fn of_action(action: &str) -> Option<Self> {
        match action {
            "complete" => Some(Self::Message),
            "group_complete" => Some(Self::Group),
            "event_complete" => Some(Self::Event),
            _ => None,
        }
    }
}

impl Until<'_> {
    /// True if it needs completion frames.
    pub(crate) fn is_completion(self) -> bool {
        matches!(
            self,
            Self::Complete | Self::GroupComplete | Self::EventComplete
        )
    }

    /// True if the completion is the stop.
    pub(crate) fn stops_at(self, completion: Completion) -> bool {
        match self {
            Self::GroupComplete => completion == Completion::Group,
            Self::EventComplete => completion == Completion::Event,
            _ => false,
        }
    }
}

impl fmt::Display for Until<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Complete => f.write_str("`complete` for each message sent"),
            Self::GroupComplete => f.write_str("`group_complete`"),
            Self::EventComplete => f.write_str("`event_complete`"),
            Self::Action(action) => write!(f, "`{action}`"),
            Self::Count(1) => f.write_str("a message"),
            Self::Count(count) => write!(f, "{count} messages"),
            Self::Closed => f.write_str("the connection to close"),
        }
    }
}
