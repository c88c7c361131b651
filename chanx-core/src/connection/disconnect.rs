//! The reasons for which a connection ends.

use std::fmt;

use tracing::error;

use crate::{
    identity::ConnectionId,
    wire::{Foreign, Unsubscribed},
};

/// The reason for which a connection or a subscription ended, as
/// [`Consumer::disconnected`](crate::Consumer::disconnected) is told.
///
/// Of several reasons the first stands. A subscription that ends with its
/// connection ends for the connection's reason. The codes in parentheses are what the
/// client is closed with; [`code`](Self::code) gives them. Its `Display` is one
/// line for the log, whatever the client has given as its reason.
///
/// # Examples
///
/// ```
/// use chanx::Disconnect;
///
/// fn is_worth_a_look(why: &Disconnect) -> bool {
///     !matches!(why, Disconnect::Client { .. } | Disconnect::Shutdown)
/// }
///
/// assert!(is_worth_a_look(&Disconnect::SlowClient));
/// assert_eq!(Disconnect::SlowClient.code(), 1013);
/// assert_eq!(Disconnect::Lost.code(), 1006);
/// assert_eq!(Disconnect::Lost.to_string(), "the connection broke");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Disconnect {
    /// The client closed the connection.
    Client {
        /// Its close code, 1005 if it gave none (RFC 6455 §7.4.1).
        code: u16,
        /// Its reason, often empty.
        reason: String,
    },
    /// The connection broke without a close frame.
    Lost,
    /// The client broke the WebSocket protocol (1002), sent text that is not
    /// UTF-8 (1007) or a message above the limit of size (1009).
    Protocol {
        /// The code that the connection was closed with.
        code: u16,
    },
    /// The application closed the connection.
    Server {
        /// The code it chose, or 1011 where that may not be sent.
        code: u16,
        /// The reason it gave.
        reason: String,
    },
    /// The client sent no message for too long (1000).
    Idle,
    /// The client answered neither pings nor anything else; no close frame is sent.
    PingTimeout,
    /// The client did not read fast enough (1013): its outbox overflowed under
    /// [`Overflow::Close`](crate::Overflow::Close), and what waited there is dropped.
    SlowClient,
    /// The consumer did not handle its events fast enough (1013).
    SlowConsumer,
    /// The client sent more messages than allowed (1008).
    RateLimited,
    /// The client's credentials expired (4401).
    Expired,
    /// A handler or hook panicked (1011).
    Panicked,
    /// [`Consumer::connected`](crate::Consumer::connected) failed, or a declared
    /// group could not be joined (1011).
    ConnectedFailed,
    /// The server is shutting down (1001).
    Shutdown,
    /// The client has unsubscribed; the connection goes on. On a topic's own
    /// route it ends with that (1000).
    Unsubscribed,
    /// The application ended the subscription; the connection goes on. On a
    /// topic's own route it ends with that (1000).
    Ended {
        /// The word that clients branch on.
        reason: String,
        /// The text for people.
        detail: String,
    },
}

/// The fate of the messages that have been read and not handled when a connection ends.
/// The handler that runs goes on in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aftermath {
    /// They are handled; nobody is there to hear the answers.
    HandledUnheard,
    /// They are handled, and the answers sent before the close frame.
    HandledAndAnswered,
    /// They are dropped, and what the running handler sends goes nowhere.
    Dropped,
}

impl Disconnect {
    /// The application closes `connection`, with 1011 in place of a code that
    /// may not be sent: a client would take that for a violation of the protocol.
    pub(crate) fn by_server(connection: ConnectionId, code: u16, reason: String) -> Self {
        if may_be_sent(code) {
            return Self::Server { code, reason };
        }
        error!(%connection, code, "the close code may not be sent: 1011 is sent in its place");
        Self::Server { code: 1011, reason }
    }

    /// The close code that the connection ended with, 1006 if none was sent
    /// or received (RFC 6455 §7.4.1).
    #[must_use]
    pub fn code(&self) -> u16 {
        match self {
            Self::Client { code, .. } | Self::Server { code, .. } | Self::Protocol { code } => {
                *code
            }
            Self::Idle | Self::Unsubscribed | Self::Ended { .. } => 1000,
            Self::Lost | Self::PingTimeout => 1006,
            Self::SlowClient | Self::SlowConsumer => 1013,
            Self::RateLimited => 1008,
            Self::Expired => 4401,
            Self::Panicked | Self::ConnectedFailed => 1011,
            Self::Shutdown => 1001,
        }
    }

    /// True if someone meant the connection to end.
    pub(crate) fn is_ordinary(&self) -> bool {
        matches!(
            self,
            Self::Client { .. }
                | Self::Server { .. }
                | Self::Idle
                | Self::Shutdown
                | Self::Unsubscribed
                | Self::Ended { .. }
        )
    }

    /// The fate of the messages that the client has sent before.
    pub(crate) fn aftermath(&self) -> Aftermath {
        match self {
            Self::Client { .. } | Self::Lost | Self::PingTimeout => Aftermath::HandledUnheard,
            Self::Protocol { .. } | Self::Idle | Self::Shutdown | Self::Unsubscribed => {
                Aftermath::HandledAndAnswered
            }
            Self::Server { .. }
            | Self::Ended { .. }
            | Self::SlowClient
            | Self::SlowConsumer
            | Self::RateLimited
            | Self::Expired
            | Self::Panicked
            | Self::ConnectedFailed => Aftermath::Dropped,
        }
    }

    /// The words in which a client is told of a subscription's end that it has not
    /// asked for.
    pub(crate) fn unsubscribed(&self) -> Option<Unsubscribed<'_>> {
        let (reason, detail): (&str, &str) = match self {
            Self::Ended { reason, detail } => (reason, detail),
            Self::Server { reason, .. } => ("closed", reason),
            Self::SlowConsumer => ("too_slow", "events came faster than they were dealt with"),
            Self::Panicked | Self::ConnectedFailed => ("failed", "internal error"),
            _ => return None,
        };
        Some(Unsubscribed { reason, detail })
    }

    /// True if there is nobody left to say goodbye to.
    pub(crate) fn is_loss(&self) -> bool {
        matches!(self, Self::Lost | Self::PingTimeout)
    }

    /// The close frame to end with: code and reason; `None` where there is
    /// nobody to send it to, or the client closed first.
    pub(crate) fn close_frame(&self) -> Option<(u16, &str)> {
        let reason = match self {
            Self::Client { .. } | Self::Lost | Self::PingTimeout => return None,
            Self::Server { reason, .. } => reason,
            Self::Protocol { .. } => "",
            Self::Unsubscribed => "unsubscribed",
            Self::Ended { reason, .. } => reason,
            Self::Idle => "idle",
            Self::SlowClient | Self::SlowConsumer => "too slow",
            Self::RateLimited => "too many messages",
            Self::Expired => "credentials expired",
            Self::Panicked | Self::ConnectedFailed => "internal error",
            Self::Shutdown => "going away",
        };
        Some((self.code(), reason))
    }
}

impl fmt::Display for Disconnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Client { code, reason } => return closed_by("the client", *code, reason, f),
            Self::Server { code, reason } => return closed_by("the application", *code, reason, f),
            Self::Ended { reason, .. } => {
                let reason = Foreign::prose(reason);
                return write!(f, "the application ended the subscription: {reason}");
            }
            Self::Protocol { code } => {
                return write!(f, "the client broke the protocol: {code}");
            }
            Self::Lost => "the connection broke",
            Self::Idle => "the client sent nothing for too long",
            Self::PingTimeout => "the client did not answer pings",
            Self::SlowClient => "the client did not read fast enough",
            Self::SlowConsumer => "the consumer did not handle its events fast enough",
            Self::RateLimited => "the client sent too many messages",
            Self::Expired => "the client's credentials expired",
            Self::Panicked => "a handler or hook panicked",
            Self::ConnectedFailed => "the consumer could not be connected",
            Self::Shutdown => "the server is shutting down",
            Self::Unsubscribed => "the client unsubscribed",
        };
        f.write_str(text)
    }
}

fn closed_by(whom: &str, code: u16, reason: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{whom} closed the connection: {code}")?;
    if reason.is_empty() {
        return Ok(());
    }
    write!(f, " {}", Foreign::prose(reason))
}

/// True if a close frame may carry the code (RFC 6455 §7.4, and the additions of IANA):
/// neither those that stand for a close without one, nor those that are nobody's.
fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}
