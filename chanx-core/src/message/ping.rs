//! The messages that nearly every channel has.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Message;
use crate::describe::MessageDescription;

/// Asks whether the other side still answers.
///
/// A consumer takes part with a handler that returns [`Pong`]; without one, a
/// `ping` is an unknown action. Not to be mistaken for WebSocket's own ping
/// frames (RFC 6455 §5.5.2), which every connection answers by itself.
///
/// # Examples
///
/// ```
/// use chanx::{Message, Ping, Pong};
///
/// assert_eq!(Ping::ACTION, "ping"); // {"action": "ping"}
/// assert_eq!(Pong::ACTION, "pong"); // {"action": "pong", "payload": null}
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Ping;

/// The answer to a [`Ping`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Pong;

impl Message for Ping {
    const ACTION: &'static str = "ping";

    fn describe() -> MessageDescription {
        MessageDescription::of::<Self>()
            .with_description("Asks whether the other side still answers.")
    }
}

impl Message for Pong {
    const ACTION: &'static str = "pong";

    fn describe() -> MessageDescription {
        MessageDescription::of::<Self>().with_description("The answer to a ping.")
    }
}
