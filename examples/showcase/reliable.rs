//! A second chat: groups belong to a channel, messages may be shared by several.

use chanx::{Connect, Consumer, Context, Disconnect, HandlerError, Message, Ping, Pong, channel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{chat::ChatNotificationMessage, notice::SystemNotify};

/// A line typed by someone.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "reliable_chat")]
pub(crate) struct ReliableChatMessage {
    pub(crate) message: String,
}

/// A line shown to everyone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "reliable_chat_notification")]
pub(crate) struct ReliableChatNotificationMessage {
    pub(crate) message: String,
}

#[derive(Default, Connect)]
pub(crate) struct ReliableChat;

impl ReliableChat {
    async fn tell_everyone(
        ctx: &Context<Self>,
        message: impl Into<String>,
    ) -> Result<(), HandlerError> {
        let message = message.into();
        ctx.broadcast(ReliableChatNotificationMessage { message })
            .await?;
        Ok(())
    }
}

impl Consumer for ReliableChat {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        Self::tell_everyone(ctx, "🔒 Reliable chat connection established!").await
    }

    async fn disconnected(
        &mut self,
        ctx: &mut Context<Self>,
        _why: Disconnect,
    ) -> Result<(), HandlerError> {
        Self::tell_everyone(ctx, "🚪 Left reliable chat!").await
    }
}

#[channel(
    name = "reliable_chat",
    description = "A chat beside the first, with groups of its own",
    tags = ["chat"],
    groups = ["reliable_chat"],
    sends(ReliableChatNotificationMessage)
)]
impl ReliableChat {
    /// Send a line to everyone, yourself included.
    #[ws_handler]
    async fn reliable_chat(
        &self,
        line: ReliableChatMessage,
        ctx: &mut Context<Self>,
    ) -> Result<(), HandlerError> {
        Self::tell_everyone(ctx, format!("📨 {}", line.message)).await
    }

    /// Ask whether the server still answers.
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }

    /// Show what the application has to say.
    #[event_handler]
    async fn system_notify(&self, SystemNotify(message): SystemNotify) -> ChatNotificationMessage {
        ChatNotificationMessage { message }
    }
}
