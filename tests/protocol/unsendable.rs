//! A message that has no form in JSON: the sender is told, the client is not.

use axum::Router;
use chanx::{
    ChannelLayer, Channels, Connect, Consumer, Context, Control, HandlerError, Message,
    PublishError, SendError, channel,
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::logs::Log;

/// Asks for one number divided by another.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Divide {
    by: f64,
    how: How,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum How {
    Reply,
    Send,
    Broadcast,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Ratio {
    ratio: f64,
}

#[derive(Debug, Default, Connect, Consumer)]
struct Calculator;

#[channel(name = "calculator", sends(Ratio))]
impl Calculator {
    #[ws_handler]
    async fn divide(
        &mut self,
        divide: Divide,
        ctx: &mut Context<Self>,
    ) -> Result<Option<Ratio>, HandlerError> {
        let ratio = Ratio {
            ratio: 1.0 / divide.by,
        };
        match divide.how {
            How::Reply => return Ok(Some(ratio)),
            How::Send => {
                let sent = ctx.send(ratio).await;
                assert!(matches!(sent, Err(SendError::Encode(_)) | Ok(())));
                sent?;
            }
            How::Broadcast => {
                ctx.join("all").await?;
                let sent = ctx.broadcast(ratio).await;
                assert!(matches!(sent, Err(PublishError::Encode(_)) | Ok(_)));
                sent?;
            }
        }
        Ok(None)
    }
}

async fn client() -> (Communicator<Calculator>, Control) {
    let channels: Channels = Channels::new(ChannelLayer::new()).route::<Calculator>("/");
    let control = channels.control();
    let client = Communicator::connect(&Router::from(channels), "/").await;
    (client, control)
}

#[tokio::test(start_paused = true)]
async fn p10_a_number_that_json_does_not_have_is_an_error_and_no_null() {
    for how in ["reply", "send", "broadcast"] {
        let log = Log::default();
        let _listening = log.listen();
        let (mut client, _) = client().await;

        let divide = |by: f64| json!({"action": "divide", "payload": {"by": by, "how": how}});
        client.send_json(divide(0.0)).await;
        client.send_json(divide(2.0)).await;

        let answer = client.receive_json().await;
        let detail = "Failed to process message for divide";
        assert_eq!(answer["payload"], json!({"detail": detail}), "{how}");
        let next = client.receive_json().await;
        assert_eq!(next["payload"], json!({"ratio": 0.5}), "{how}");

        let lines = log.lines("JSON has no number `inf`");
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains("WARN"), "{lines:?}");
        assert!(lines[0].contains("message `ratio`"), "{lines:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_that_json_cannot_hold_is_counted_and_told_at_the_end() {
    for how in ["reply", "send", "broadcast"] {
        let log = Log::default();
        let _listening = log.listen();
        let (mut client, control) = client().await;

        for by in [0.0, 2.0, 0.0] {
            client
                .send_json(json!({"action": "divide", "payload": {"by": by, "how": how}}))
                .await;
            client.receive_json().await;
        }
        let unsendable = || control.stats().channels[0].1.messages_unsendable;
        assert_eq!(unsendable(), 2, "{how}");

        client.close(1000).await;
        control.shutdown().await;
        assert_eq!(unsendable(), 2, "{how}");
        let end = log.lines("connection closed");
        assert!(end[0].contains("messages_unsendable: 2"), "{end:?}");
    }
}
