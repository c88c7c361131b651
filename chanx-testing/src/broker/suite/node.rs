//! A node of the suite: a layer by way of the broker, with connections.

use std::{sync::Arc, time::Duration};

use axum::{Router, http::HeaderMap};
use bytes::Bytes;
use chanx_axum::Channels;
use chanx_core::{
    Broadcaster, ChannelLayer, ChannelOptions, Connect, ConnectionId, Consumer, Context,
    HandlerError, Rejection, UserKey,
    layer::{Address, Broker, BrokerError, Inbound, NodeId, Published},
};
use chanx_macros::{Event, Message, channel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Fixture;
use crate::Communicator;

/// The names of the facade.
mod web {
    pub(super) use chanx_core::{__private0_1_0, HandledBy, SentBy};
    pub(super) use chanx_macros::{event_handler, ws_handler};
}

/// The header that says whose a connection is: the bytes of the name in hexadecimal.
const USER: &str = "x-user";

/// The message that is broadcast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
#[message(crate = chanx_core)]
pub(super) struct Line {
    pub(super) number: u64,
    #[serde(default)]
    pub(super) text: String,
}

/// The event that is published to consumers.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
#[event(crate = chanx_core)]
pub(super) struct Tick {
    pub(super) number: u64,
}

/// Joins groups.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
#[message(crate = chanx_core)]
pub(super) struct Enter {
    pub(super) groups: Vec<String>,
}

/// Leaves a group.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
#[message(crate = chanx_core)]
pub(super) struct Exit {
    pub(super) group: String,
}

/// It is done.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
#[message(crate = chanx_core)]
pub(super) struct Done {
    pub(super) connection: ConnectionIdText,
}

/// A connection's name.
pub(super) type ConnectionIdText = String;

#[derive(Debug)]
pub(super) struct Visitor {
    user: Option<UserKey>,
}

impl Connect for Visitor {
    type Handshake = HeaderMap;

    async fn connect(headers: HeaderMap) -> Result<Self, Rejection> {
        let user = headers
            .get(USER)
            .map(|user| UserKey::from(unhex(user.as_bytes())));
        Ok(Self { user })
    }
}

impl Consumer for Visitor {
    fn identity(&self) -> Option<UserKey> {
        self.user.clone()
    }
}

#[channel(crate = crate::broker::suite::node::web, name = "chanx suite", sends(Line))]
impl Visitor {
    #[ws_handler]
    async fn enter(&mut self, enter: Enter, ctx: &mut Context<Self>) -> Result<Done, HandlerError> {
        for group in enter.groups {
            ctx.join(group).await?;
        }
        Ok(Done {
            connection: ctx.connection_id().to_string(),
        })
    }

    #[ws_handler]
    async fn exit(&mut self, exit: Exit, ctx: &mut Context<Self>) -> Done {
        ctx.leave(exit.group);
        Done {
            connection: ctx.connection_id().to_string(),
        }
    }

    #[event_handler]
    async fn tick(&mut self, tick: Tick) -> Line {
        Line {
            number: tick.number,
            text: "ticked".to_owned(),
        }
    }
}

/// A consumer of another channel.
#[derive(Debug)]
pub(super) struct Stranger;

impl Consumer for Stranger {}

#[channel(crate = crate::broker::suite::node::web, name = "chanx suite stranger", sends(Line))]
impl Stranger {}

/// A node by way of a broker that the suite can use itself.
pub(super) struct Node<B> {
    pub(super) layer: ChannelLayer,
    pub(super) broker: Arc<B>,
    app: Router,
}

pub(super) type Client = Communicator<Visitor>;

impl<B: Broker> Node<B> {
    pub(super) async fn new<F: Fixture<Broker = B>>(fixture: &F) -> Self {
        let broker = Arc::new(fixture.broker().await);
        let layer = ChannelLayer::connect(Shared(broker.clone())).await;
        let layer = layer.expect("a node connects");
        let options = ChannelOptions::default()
            .max_groups(2000)
            .max_group_name(500);
        let channels: Channels = Channels::new(layer.clone());
        let app = channels
            .options(options)
            .route::<Visitor>("/visitor")
            .into_router();
        Self { layer, broker, app }
    }

    pub(super) fn rooms(&self) -> Broadcaster<Visitor> {
        Broadcaster::new(&self.layer)
    }

    pub(super) fn strangers(&self) -> Broadcaster<Stranger> {
        Broadcaster::new(&self.layer)
    }

    /// A connection that has joined these groups.
    pub(super) async fn member<G: Into<String>>(
        &self,
        groups: impl IntoIterator<Item = G>,
    ) -> Client {
        self.member_of(None, groups).await.0
    }

    /// A connection of a user that has joined these groups, and its name.
    pub(super) async fn member_of<G: Into<String>>(
        &self,
        user: Option<&str>,
        groups: impl IntoIterator<Item = G>,
    ) -> (Client, ConnectionId) {
        let mut builder = Client::builder(&self.app, "/visitor").timeout(Duration::from_secs(15));
        if let Some(user) = user {
            builder = builder.header(USER, hex(user));
        }
        let mut client = builder.connect().await;
        let groups = groups.into_iter().map(Into::into).collect();
        let done: Done = client.request(&Enter { groups }).await;
        let id = done.connection.parse().expect("a connection's name");
        (client, id)
    }
}

/// A broker that the suite holds too.
struct Shared<B>(Arc<B>);

impl<B: Broker> Broker for Shared<B> {
    async fn start(&self, inbound: Inbound, node: NodeId) -> Result<(), BrokerError> {
        self.0.start(inbound, node).await
    }

    async fn subscribe(&self, addresses: &[Address]) -> Result<(), BrokerError> {
        self.0.subscribe(addresses).await
    }

    async fn unsubscribe(&self, addresses: &[Address]) -> Result<(), BrokerError> {
        self.0.unsubscribe(addresses).await
    }

    async fn publish(
        &self,
        addresses: &[Address],
        message: Bytes,
    ) -> Result<Published, BrokerError> {
        self.0.publish(addresses, message).await
    }
}

fn hex(text: &str) -> String {
    // The letter keeps the value of an empty name from being empty.
    std::iter::once("u".to_owned())
        .chain(text.bytes().map(|byte| format!("{byte:02x}")))
        .collect()
}

fn unhex(digits: &[u8]) -> String {
    let bytes = digits[1..].chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).expect("digits");
        u8::from_str_radix(pair, 16).expect("digits")
    });
    String::from_utf8(bytes.collect()).expect("a name is text")
}

/// A group's name that no other run has.
pub(super) fn fresh(name: &str) -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("{name}-{:016x}", RandomState::new().hash_one(0_u8))
}

pub(super) fn line(number: u64) -> Line {
    Line {
        number,
        text: String::new(),
    }
}

pub(super) async fn number(client: &mut Client) -> u64 {
    client.receive::<Line>().await.number
}
