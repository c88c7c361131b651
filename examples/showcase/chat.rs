//! One room for everybody: a declared group, and events from outside.

use chanx::{
    Connect, Consumer, Context, Disconnect, Event, HandlerError, Message, Ping, Pong, channel,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    extra::{ExtraPassthroughMessage, ExtraRequestMessage, ExtraResponseMessage},
    notice::SystemNotify,
};

/// A line typed by someone.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "chat")]
pub(crate) struct ChatMessage {
    pub(crate) message: String,
}

/// A line shown to everyone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "chat_notification")]
pub(crate) struct ChatNotificationMessage {
    pub(crate) message: String,
}

/// Someone has come, as another part of the application tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message, Event)]
#[message(action = "user_joined_notification")]
pub(crate) struct UserJoinedNotificationMessage {
    pub(crate) message: String,
}

/// Someone has gone, as another part of the application tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message, Event)]
#[message(action = "user_left_notification")]
pub(crate) struct UserLeftNotificationMessage {
    pub(crate) message: String,
}

#[derive(Default, Connect)]
pub(crate) struct Chat;

impl Consumer for Chat {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        let message = "📢 Someone joined the chat".to_owned();
        ctx.broadcast(ChatNotificationMessage { message }).await?;
        Ok(())
    }

    async fn disconnected(
        &mut self,
        ctx: &mut Context<Self>,
        _why: Disconnect,
    ) -> Result<(), HandlerError> {
        let message = "❌ Someone left the chat.".to_owned();
        ctx.broadcast(ChatNotificationMessage { message }).await?;
        Ok(())
    }
}

#[channel(
    name = "chat",
    description = "One room for everybody",
    tags = ["chat"],
    groups = ["chat_room"],
    sends(ChatNotificationMessage),
    passthrough(
        UserJoinedNotificationMessage,
        UserLeftNotificationMessage,
        ExtraPassthroughMessage
    )
)]
impl Chat {
    /// Send a line to everyone, yourself included.
    #[ws_handler]
    async fn chat(
        &self,
        ChatMessage { message }: ChatMessage,
        ctx: &mut Context<Self>,
    ) -> Result<(), HandlerError> {
        let message = format!("💬 {message}");
        ctx.broadcast(ChatNotificationMessage { message }).await?;
        Ok(())
    }

    /// Ask for a little more.
    #[ws_handler]
    async fn extra_request(&self, request: ExtraRequestMessage) -> ExtraResponseMessage {
        ExtraResponseMessage::to(&request.0)
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
