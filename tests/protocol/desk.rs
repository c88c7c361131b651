//! A consumer with a handler for everything that a frame can ask.

use std::time::Duration;

use axum::Router;
use chanx::{
    Broadcaster, ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Context, Event,
    HandlerError, Message, Ping, Pong, channel,
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A line to be repeated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Say {
    pub(crate) text: String,
}

/// The line again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Said {
    pub(crate) text: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Hello;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Welcome;

/// Asks for several replies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Count {
    pub(crate) to: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Number {
    pub(crate) n: u32,
}

/// Has fields that are called as the envelope's keys are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Label {
    version: String,
    topic: Vec<u8>,
    #[serde(rename = "ref")]
    reference: u64,
    seq: bool,
}

/// The same, on the way out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Labelled {
    version: String,
    topic: Vec<u8>,
    #[serde(rename = "ref")]
    reference: u64,
    seq: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Order {
    pub(crate) items: Vec<Item>,
    pub(crate) paid: bool,
    #[serde(default)]
    pub(crate) address: Option<Address>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Item {
    pub(crate) id: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Address {
    pub(crate) street: String,
}

/// Names people, and checks the names itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Invite {
    pub(crate) names: Vec<String>,
}

impl Message for Invite {
    const ACTION: &'static str = "invite";

    fn validate(&self) -> Result<(), Vec<chanx::wire::Violation>> {
        let names = self.names.iter().enumerate();
        let violations: Vec<_> = names
            .filter(|(_, name)| name.is_empty())
            .map(|(n, _)| {
                chanx::wire::Violation::value("needs a name")
                    .at("names")
                    .at(n)
            })
            .collect();
        if violations.is_empty() {
            return Ok(());
        }
        Err(violations)
    }
}

/// Asks for a number that JSON has no word for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Divide;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Quotient {
    pub(crate) value: Option<f64>,
    pub(crate) infinite: Option<f64>,
}

/// Asks for a failure that names a secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Fail;

/// Asks for a failure that is meant for the client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Enter {
    pub(crate) reason: bool,
}

/// Asks for a panic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Crash;

/// Asks for pushes, to itself and to everyone, before the reply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Announce {
    pub(crate) text: String,
}

/// Asks for an event to everyone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Ring {
    pub(crate) fails: bool,
}

/// Asks to be closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Dismiss {
    pub(crate) code: u16,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Rang;

#[derive(Debug, Clone, Serialize, Deserialize, Event)]
pub(crate) struct BellRung {
    pub(crate) fails: bool,
}

/// An error whose text no client may see.
#[derive(Debug)]
pub(crate) struct Secret;

pub(crate) const SECRET: &str = "password=hunter2 in src/db.rs";

impl std::fmt::Display for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(SECRET)
    }
}

impl std::error::Error for Secret {}

#[derive(Debug, Default, Connect, Consumer)]
pub(crate) struct Desk;

#[channel(name = "desk", groups = ["everyone"], sends(Said))]
impl Desk {
    #[ws_handler]
    async fn say(&mut self, line: Say) -> Said {
        Said { text: line.text }
    }

    #[ws_handler]
    async fn hello(&mut self, _: Hello) -> Welcome {
        Welcome
    }

    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }

    #[ws_handler]
    async fn count(&mut self, count: Count) -> Vec<Number> {
        (1..=count.to).map(|n| Number { n }).collect()
    }

    #[ws_handler]
    async fn label(&mut self, label: Label) -> Labelled {
        Labelled {
            version: label.version,
            topic: label.topic,
            reference: label.reference,
            seq: label.seq,
        }
    }

    #[ws_handler]
    async fn order(&mut self, order: Order) -> Number {
        Number {
            n: order.items.iter().map(|item| item.id).sum(),
        }
    }

    #[ws_handler]
    async fn invite(&mut self, _: Invite) {}

    #[ws_handler]
    async fn divide(&mut self, _: Divide) -> Quotient {
        Quotient {
            value: Some(f64::NAN),
            infinite: Some(f64::INFINITY),
        }
    }

    #[ws_handler]
    async fn fail(&mut self, _: Fail) -> Result<(), HandlerError> {
        Err(HandlerError::internal(Secret))
    }

    #[ws_handler]
    async fn enter(&mut self, enter: Enter) -> Result<(), HandlerError> {
        let error = HandlerError::client("the room is full").with_source(Secret);
        Err(if enter.reason {
            error.with_reason("room_full")
        } else {
            error
        })
    }

    #[ws_handler]
    async fn crash(&mut self, _: Crash) {
        panic!("{SECRET}");
    }

    #[ws_handler]
    async fn announce(
        &mut self,
        line: Announce,
        ctx: &mut Context<Self>,
    ) -> Result<Said, HandlerError> {
        let text = line.text;
        ctx.send(Said {
            text: format!("{text}, sent"),
        })
        .await?;
        ctx.broadcast(Said {
            text: format!("{text}, broadcast"),
        })
        .await?;
        Ok(Said { text })
    }

    #[ws_handler]
    async fn ring(&mut self, ring: Ring, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        let everyone = Broadcaster::<Self>::new(ctx.layer());
        everyone.event(BellRung { fails: ring.fails }).await?;
        Ok(())
    }

    #[ws_handler]
    async fn dismiss(&mut self, dismiss: Dismiss, ctx: &mut Context<Self>) {
        ctx.close(dismiss.code, "dismissed");
    }

    #[event_handler]
    async fn bell_rung(&mut self, event: BellRung) -> Result<Rang, HandlerError> {
        if event.fails {
            return Err(HandlerError::client("seen by nobody").with_source(Secret));
        }
        Ok(Rang)
    }
}

/// The desk at `/desk`, with options of its own.
pub(crate) fn channels(options: ChannelOptions) -> Channels {
    Channels::new(ChannelLayer::new())
        .route::<Desk>("/desk")
        .options(options)
}

/// A client of a desk of its own.
pub(crate) async fn client() -> Communicator<Desk> {
    client_with(ChannelOptions::default()).await
}

/// A client of a desk of its own, with these options.
pub(crate) async fn client_with(options: ChannelOptions) -> Communicator<Desk> {
    let app = Router::from(channels(options));
    Communicator::builder(&app, "/desk")
        .timeout(Duration::from_secs(60))
        .connect()
        .await
}

/// The answers to one text.
pub(crate) async fn answer(text: &str) -> Value {
    let mut client = client().await;
    client.send_text(text).await;
    client.receive_json().await
}
