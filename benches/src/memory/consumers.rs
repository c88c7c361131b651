//! The consumers that the clients in memory talk to.

use std::collections::HashSet;

use chanx::{Connect, Consumer, Context, HandlerError, Message, Rejection, channel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A client's [`EchoMessage`], in 65 bytes.
pub const ECHO: &str = r#"{"action":"echo","payload":{"message":"as long as a short line"}}"#;

/// The same on a topic, once the client has subscribed to it.
pub const ECHO_ON_A_TOPIC: &str =
    r#"{"action":"echo","payload":{"message":"as long as a short line"},"topic":"room:5"}"#;

/// A client's wish to subscribe to that topic.
pub const SUBSCRIBE: &str = r#"{"action":"subscribe","topic":"room:5"}"#;

/// The one group of a [`Crowd`](super::Crowd).
pub(super) const EVERYONE: &str = "everyone";

/// A text that comes back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "echo")]
pub struct EchoMessage {
    /// The text.
    pub message: String,
}

/// A text that every member gets.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub struct News {
    /// The text.
    pub message: String,
}

/// Asks to join the group and to leave it again, so many times; comes back when that is done.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub struct Churn {
    /// How many times.
    pub times: u64,
}

/// Sends back what it gets.
#[derive(Debug, Default, Connect, Consumer)]
pub struct Echo;

#[channel(name = "echo")]
impl Echo {
    #[ws_handler]
    async fn echo(&self, message: EchoMessage) -> EchoMessage {
        message
    }
}

/// Sends back what it gets on a topic: each subscription is an [`Echo`].
#[derive(Debug, Default, Connect, Consumer)]
pub struct Hub;

#[channel(name = "hub")]
impl Hub {
    #[topic("room:{room}")]
    async fn room(&self, _: String) -> Echo {
        Echo
    }
}

/// Sends back what it gets from users who may: [`Echo`] and a permission.
#[derive(Debug, Consumer)]
pub struct Guarded {
    permissions: HashSet<&'static str>,
}

impl Default for Guarded {
    fn default() -> Self {
        Self {
            permissions: HashSet::from(["read", "echo", "invite", "moderate"]),
        }
    }
}

#[channel(name = "guarded")]
impl Guarded {
    #[ws_handler]
    async fn echo(&self, message: EchoMessage) -> Result<EchoMessage, HandlerError> {
        if !self.permissions.contains("echo") {
            return Err(HandlerError::client("you may not echo"));
        }
        Ok(message)
    }
}

/// In the group of all, or only there when asked.
#[derive(Debug)]
pub struct Member {
    /// Whether it joins as soon as it is connected.
    pub joins: bool,
}

impl Connect for Member {
    type Handshake = ();

    async fn connect((): ()) -> Result<Self, Rejection> {
        Ok(Self { joins: true })
    }
}

impl Consumer for Member {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        if self.joins {
            ctx.join(EVERYONE).await?;
        }
        Ok(())
    }
}

#[channel(name = "crowd", sends(News))]
impl Member {
    #[ws_handler]
    async fn churn(&self, churn: Churn, ctx: &mut Context<Self>) -> Result<Churn, HandlerError> {
        for _ in 0..churn.times {
            ctx.join(EVERYONE).await?;
            ctx.leave(EVERYONE);
        }
        Ok(churn)
    }
}
