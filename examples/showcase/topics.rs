//! Many streams on one connection: topics of a hub, and one on a route of its own.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use chanx::{
    Broadcaster, Channel, ChannelLayer, Connect, Consumer, Context, Event, HandlerError, Message,
    Ping, Pong, channel,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::events::{Frame, Refusal};

/// A line for a room.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Post {
    pub(crate) body: String,
    #[serde(default = "anonymous")]
    pub(crate) author: String,
}

/// A line to be answered with.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Echo {
    pub(crate) body: String,
    #[serde(default = "anonymous")]
    pub(crate) author: String,
}

/// The line again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Posted {
    pub(crate) body: String,
    pub(crate) author: String,
}

/// A line of somebody in the room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message, Event)]
pub(crate) struct RoomEvent {
    pub(crate) body: String,
    pub(crate) author: String,
}

/// Somebody comes or goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message, Event)]
pub(crate) struct PresenceChanged {
    pub(crate) user: String,
    pub(crate) online: bool,
}

fn anonymous() -> String {
    "anonymous".to_owned()
}

/// One client's connection, whatever it follows.
#[derive(Debug, Default, Connect, Consumer)]
pub(crate) struct TopicHub;

#[channel(
    name = "topic_hub",
    description = "One connection, and a topic for each room and each user",
    tags = ["topics"]
)]
impl TopicHub {
    /// Ask whether the server still answers.
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }

    /// Follow a room, and speak in it.
    #[topic("room:{room_name}")]
    async fn room(&self, _room_name: String) -> RoomTopic {
        RoomTopic
    }

    /// Follow whether a user is there.
    #[topic("presence:{user}")]
    async fn presence(&self, _user: String) -> PresenceTopic {
        PresenceTopic
    }
}

/// One client's place in a room.
#[derive(Debug, Consumer)]
pub(crate) struct RoomTopic;

#[channel(
    name = "room_topic",
    description = "A room as a topic",
    tags = ["topics"],
    passthrough(RoomEvent)
)]
impl RoomTopic {
    /// Say something to all who follow the room.
    #[ws_handler]
    async fn post(&self, post: Post, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        let Post { body, author } = post;
        let rooms = Broadcaster::<Self>::new(ctx.layer());
        rooms
            .event(RoomEvent { body, author })
            .to(ctx.groups())
            .await?;
        Ok(())
    }

    /// Say something to nobody but yourself.
    #[ws_handler]
    async fn echo(&self, echo: Echo) -> Posted {
        let Echo { body, author } = echo;
        Posted { body, author }
    }
}

/// One client's view of a user.
#[derive(Debug, Consumer)]
pub(crate) struct PresenceTopic;

#[channel(
    name = "presence_topic",
    description = "Whether a user is there",
    tags = ["topics"],
    passthrough(PresenceChanged)
)]
impl PresenceTopic {}

/// An event for a topic, and the number that it is pushed with.
#[derive(Deserialize)]
pub(crate) struct Published {
    event: Frame,
    seq: Option<u64>,
}

/// `POST /topics/{topic}`: events that come as JSON, for those who follow a topic.
pub(crate) async fn post(
    State(layer): State<ChannelLayer>,
    Path(topic): Path<String>,
    Json(published): Json<Published>,
) -> Result<StatusCode, Refusal> {
    match topic.split_once(':') {
        Some(("room", name)) if is_name(name) => {
            publish::<RoomTopic>(&layer, topic, published).await
        }
        Some(("presence", name)) if is_name(name) => {
            publish::<PresenceTopic>(&layer, topic, published).await
        }
        _ => Err(Refusal::UnknownTopic),
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(':')
}

async fn publish<C: Channel>(
    layer: &ChannelLayer,
    topic: String,
    Published { event, seq }: Published,
) -> Result<StatusCode, Refusal> {
    let subscriptions = Broadcaster::<C>::new(layer);
    let mut publication = event.read(&subscriptions)?;
    if let Some(seq) = seq {
        publication = publication.with_seq(seq);
    }
    publication.to(topic).await.map_err(Refusal::Unpublished)?;
    Ok(StatusCode::ACCEPTED)
}
