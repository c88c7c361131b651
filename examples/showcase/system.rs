//! A conversation of two: what a handler returns is the answer.

use chanx::{Connect, Consumer, Context, HandlerError, Message, Ping, Pong, channel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Words for the server.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "user_message")]
pub(crate) struct UserMessage {
    pub(crate) message: String,
}

/// The server's own words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "system_echo")]
pub(crate) struct SystemEchoMessage {
    pub(crate) message: String,
}

#[derive(Default, Connect)]
pub(crate) struct System;

impl Consumer for System {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        let message = "🔧 System: Connection established!".to_owned();
        ctx.send(SystemEchoMessage { message }).await?;
        Ok(())
    }
}

#[channel(
    name = "system",
    description = "Talk to the server itself",
    tags = ["system"],
    sends(SystemEchoMessage)
)]
impl System {
    /// Say something to the server.
    ///
    /// It says the same again.
    #[ws_handler]
    async fn user_message(&self, UserMessage { message }: UserMessage) -> SystemEchoMessage {
        let message = format!("🔧 System Echo: {message}");
        SystemEchoMessage { message }
    }

    /// Ask whether the server still answers.
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }
}
