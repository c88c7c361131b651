//! Errors as an application renders them.

use std::borrow::Cow;

use axum::Router;
use chanx::{
    ChannelLayer, Channels, Connect, Consumer, HandlerError, Message, channel, wire::ErrorPayload,
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Fail;

#[derive(Debug, Default, Connect)]
struct Polyglot;

impl Consumer for Polyglot {
    fn render_error(&self, error: ErrorPayload) -> ErrorPayload {
        match error {
            ErrorPayload::Detail {
                reason, reference, ..
            } => ErrorPayload::Detail {
                detail: Cow::Borrowed("das ging schief"),
                reason,
                reference,
            },
            ErrorPayload::Violations(violations) => {
                let detail = format!("{} Fehler", violations.len());
                ErrorPayload::with_reason("ungültig", detail)
            }
            other => other,
        }
    }
}

#[channel(name = "polyglot")]
impl Polyglot {
    #[ws_handler]
    async fn fail(&mut self, _: Fail) -> Result<(), HandlerError> {
        Err(HandlerError::client("it failed").with_reason("failed"))
    }
}

async fn answer(text: &str) -> serde_json::Value {
    let channels: Channels = Channels::new(ChannelLayer::new()).route::<Polyglot>("/");
    let mut client = Communicator::<Polyglot>::connect(&Router::from(channels), "/").await;
    client.send_text(text).await;
    client.receive_json().await
}

#[tokio::test(start_paused = true)]
async fn a_consumer_renders_what_its_handlers_fail_with() {
    assert_eq!(
        answer(r#"{"action":"fail","ref":"1"}"#).await,
        json!({
            "action": "error",
            "payload": {"detail": "das ging schief", "reason": "failed"},
            "version": 1,
            "ref": "1",
        })
    );
}

#[tokio::test(start_paused = true)]
async fn a_consumer_renders_what_is_wrong_with_a_clients_data() {
    assert_eq!(
        answer("nonsense").await["payload"],
        json!({"detail": "1 Fehler", "reason": "ungültig"})
    );
}
