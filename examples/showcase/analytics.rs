//! Payloads that are partly free: any JSON beside what is typed.

use chanx::{Connect, Consumer, Context, HandlerError, Message, Ping, Pong, channel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::notice::SystemNotify;

/// Something that was observed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "analytics")]
pub(crate) struct AnalyticsMessage {
    pub(crate) event: String,
    /// Whatever belongs to it.
    #[serde(default)]
    pub(crate) data: Value,
}

/// Something that was observed, for everyone who watches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "analytics_notification")]
pub(crate) struct AnalyticsNotificationMessage {
    pub(crate) event: String,
    /// Whatever belongs to it, or null.
    pub(crate) data: Value,
}

/// Asks nothing of the request and does nothing on connecting, so it is derived.
#[derive(Default, Connect, Consumer)]
pub(crate) struct Analytics;

#[channel(
    name = "analytics",
    description = "What happens, as it happens",
    tags = ["analytics"],
    groups = ["analytics"],
    sends(AnalyticsNotificationMessage)
)]
impl Analytics {
    /// Tell everyone who watches.
    #[ws_handler]
    async fn analytics(
        &self,
        AnalyticsMessage { event, data }: AnalyticsMessage,
        ctx: &mut Context<Self>,
    ) -> Result<(), HandlerError> {
        let event = format!("📊 Analytics: {event}");
        ctx.broadcast(AnalyticsNotificationMessage { event, data })
            .await?;
        Ok(())
    }

    /// Ask whether the server still answers.
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }

    /// Show what the application has to say.
    #[event_handler]
    async fn system_notify(
        &self,
        SystemNotify(event): SystemNotify,
    ) -> AnalyticsNotificationMessage {
        let data = Value::Null;
        AnalyticsNotificationMessage { event, data }
    }
}
