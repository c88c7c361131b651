//! Notifications from users, from the application and from its clockwork.

use chanx::{Connect, Consumer, Context, HandlerError, Message, Ping, Pong, channel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::notice::{SystemNotify, SystemPeriodicNotify};

/// Something that everyone should know.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "notification")]
pub(crate) struct NotificationMessage {
    /// What its sender calls it; everyone is told that it comes from a user.
    #[serde(rename = "type", default = "user")]
    pub(crate) kind: String,
    pub(crate) message: String,
}

/// Something that everyone is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "notification_broadcast")]
pub(crate) struct NotificationBroadcastMessage {
    #[serde(rename = "type")]
    pub(crate) source: Source,
    pub(crate) message: String,
}

/// Where a notification comes from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Source {
    User,
    System,
    Periodic,
}

fn user() -> String {
    "user".to_owned()
}

#[derive(Default, Connect)]
pub(crate) struct Notifications;

impl Consumer for Notifications {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        ctx.broadcast(NotificationBroadcastMessage {
            source: Source::System,
            message: "🔔 Connected to notifications!".to_owned(),
        })
        .await?;
        Ok(())
    }
}

#[channel(
    name = "notifications",
    description = "What everyone should know",
    tags = ["notifications"],
    groups = ["notifications"],
    sends(NotificationBroadcastMessage)
)]
impl Notifications {
    /// Tell everyone.
    #[ws_handler]
    async fn notification(
        &self,
        notification: NotificationMessage,
        ctx: &mut Context<Self>,
    ) -> Result<(), HandlerError> {
        ctx.broadcast(NotificationBroadcastMessage {
            source: Source::User,
            message: format!("🔔 Notification: {}", notification.message),
        })
        .await?;
        Ok(())
    }

    /// Ask whether the server still answers.
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }

    /// Tell what the application has to say.
    #[event_handler]
    async fn system_notify(&self, event: SystemNotify) -> NotificationBroadcastMessage {
        NotificationBroadcastMessage {
            source: Source::System,
            message: event.0,
        }
    }

    /// Tell what the application says again and again.
    #[event_handler]
    async fn system_periodic_notify(
        &self,
        event: SystemPeriodicNotify,
    ) -> NotificationBroadcastMessage {
        NotificationBroadcastMessage {
            source: Source::Periodic,
            message: event.0,
        }
    }
}
