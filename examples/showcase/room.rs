//! Rooms that are addresses: what the request says decides the group.

use axum::{extract::Path, http::StatusCode};
use chanx::{
    Connect, Consumer, Context, Disconnect, HandlerError, Message, Ping, Pong, Rejection, channel,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A line typed by a member.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "room_chat")]
pub(crate) struct RoomChatMessage {
    pub(crate) message: String,
    /// Of no effect: the connection's address says which room it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) room_name: Option<String>,
    /// Of no effect: a line that is sent is pending.
    #[serde(default)]
    pub(crate) status: MessageStatus,
}

/// A line shown to the room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "room_notification")]
pub(crate) struct RoomNotificationMessage {
    pub(crate) message: String,
    pub(crate) room_name: String,
    pub(crate) status: MessageStatus,
}

/// How far a line has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum MessageStatus {
    #[default]
    Pending,
    Delivered,
    Failed,
}

/// One member's place in a room.
pub(crate) struct RoomChat {
    room: String,
}

impl RoomChat {
    fn says(&self, message: String) -> RoomNotificationMessage {
        RoomNotificationMessage {
            message,
            room_name: self.room.clone(),
            status: MessageStatus::Pending,
        }
    }
}

impl Connect for RoomChat {
    type Handshake = Path<String>;

    async fn connect(Path(room): Self::Handshake) -> Result<Self, Rejection> {
        if room.chars().count() > 40 {
            let detail = "a room's name has at most 40 characters";
            return Err(Rejection::new(StatusCode::BAD_REQUEST, detail));
        }
        Ok(Self { room })
    }
}

impl Consumer for RoomChat {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        ctx.join(format!("room_{}", self.room)).await?;
        let joined = self.says(format!("🚪 Someone joined room '{}'", self.room));
        ctx.broadcast(joined).exclude_current().await?;
        Ok(())
    }

    async fn disconnected(
        &mut self,
        ctx: &mut Context<Self>,
        _why: Disconnect,
    ) -> Result<(), HandlerError> {
        let left = self.says(format!("👋 Someone left room '{}'", self.room));
        ctx.broadcast(left).await?;
        Ok(())
    }
}

#[channel(
    name = "room_chat",
    description = "A room per address",
    tags = ["chat"],
    sends(RoomNotificationMessage)
)]
impl RoomChat {
    /// Send a line to the room, yourself included.
    #[ws_handler]
    async fn room_chat(
        &self,
        line: RoomChatMessage,
        ctx: &mut Context<Self>,
    ) -> Result<(), HandlerError> {
        ctx.broadcast(self.says(format!("💬 {}", line.message)))
            .await?;
        Ok(())
    }

    /// Ask whether the server still answers.
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }
}
