//! Sending to a client that has left.

use std::time::Duration;

use axum::{Router, extract::State};
use chanx::{
    ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Context, Event, HandlerError,
    Message, Rejection, SendError, channel,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{AnyIo, rest, send};
use crate::support::{Raw, masked, raw, serve_pipe};

/// Makes the clock tick, and the handler send without end.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Start;

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Page {
    text: String,
}

/// Panics as it is dropped.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
struct Mine {
    explodes: bool,
}

impl Drop for Mine {
    fn drop(&mut self) {
        assert!(!self.explodes, "as asked for");
    }
}

struct Press {
    notes: UnboundedSender<String>,
}

impl Connect for Press {
    type Handshake = State<UnboundedSender<String>>;

    async fn connect(State(notes): Self::Handshake) -> Result<Self, Rejection> {
        Ok(Self { notes })
    }
}

impl Consumer for Press {
    async fn disconnected(
        &mut self,
        ctx: &mut Context<Self>,
        _why: chanx::Disconnect,
    ) -> Result<(), HandlerError> {
        let sent = ctx.send(page()).await;
        let _ = self
            .notes
            .send(format!("disconnected, sent {}", sent.is_ok()));
        Ok(())
    }
}

fn page() -> Page {
    Page {
        text: "x".repeat(1000),
    }
}

#[channel(name = "press", groups = ["all"], sends(Page))]
impl Press {
    #[ws_handler]
    async fn start(&mut self, _: Start, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        let (client, notes) = (ctx.handle(), self.notes.clone());
        tokio::spawn(async move {
            loop {
                match client.send(page()).await {
                    Ok(()) => tokio::time::sleep(Duration::from_secs(1)).await,
                    Err(error) => {
                        let closed = matches!(error, SendError::Closed);
                        let _ = notes.send(format!("the loop ends, closed {closed}"));
                        return client.closed().await;
                    }
                }
            }
        });
        // More than its client takes: it waits for room until the client leaves.
        for _ in 0..1_000 {
            ctx.send(page()).await?;
        }
        let _ = self
            .notes
            .send(format!("sent a thousand, open {}", ctx.is_open()));
        Ok(())
    }

    #[event_handler]
    async fn mine(&mut self, _: Mine) {}
}

fn press() -> (Router, chanx::Broadcaster<Press>, UnboundedReceiver<String>) {
    let layer = ChannelLayer::new();
    let (notes, noted) = unbounded_channel();
    let channels = Channels::new(layer.clone())
        .options(ChannelOptions::default().outbox_frames(4))
        .route::<Press>("/lab/{mode}");
    let app = Router::new().merge(channels).with_state(notes);
    (app, chanx::Broadcaster::new(&layer), noted)
}

async fn connect(app: &Router) -> Raw<AnyIo> {
    let io: AnyIo = Box::new(serve_pipe(app.clone(), |response| async move { response }));
    raw(io, "client").await
}

#[tokio::test(start_paused = true)]
async fn a_handler_goes_on_and_a_task_is_told() {
    let (app, _, mut notes) = press();
    let mut client = connect(&app).await;
    send(&mut client, "start", serde_json::json!(null)).await;
    client.read().await.unwrap();

    client.write(&masked(0x88, &1000_u16.to_be_bytes())).await;

    let mut noted = Vec::new();
    for _ in 0..3 {
        noted.push(notes.recv().await.unwrap());
    }
    noted.sort();
    let expected = [
        "disconnected, sent true",
        "sent a thousand, open false",
        "the loop ends, closed true",
    ];
    assert_eq!(noted, expected);
    assert_eq!(rest(&mut client).await.1, Some(1000));
}

#[tokio::test(start_paused = true)]
async fn an_event_that_panics_as_it_is_dropped_harms_nobody() {
    let (app, press, mut notes) = press();
    let mut client = connect(&app).await;
    send(&mut client, "start", serde_json::json!(null)).await;
    client.read().await.unwrap();
    for _ in 0..2 {
        // The handler that waits for room does not get to them.
        let received = press.event(Mine { explodes: true }).await.unwrap();
        assert_eq!(received.reached, 1);
    }

    client.write(&masked(0x88, &1000_u16.to_be_bytes())).await;

    while notes.recv().await.unwrap() != "disconnected, sent true" {}
    assert_eq!(rest(&mut client).await.1, Some(1000));
}
