//! An application with everything that a document can tell of.

use std::collections::{BTreeMap, HashMap};

use axum::extract::Path;
use chanx::{
    AuthenticationFrames, Bearer, ChannelLayer, ChannelOptions, Channels, Connect, Consumer,
    Context, Event, HandlerError, Info, Message, MessageEnum, Ping, Pong, Rejection,
    asyncapi::{Contact, License},
    channel,
};
use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A line typed by a user.
///
/// It may answer another one.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(example = Chat { text: "Hello".into(), reply_to: None })]
pub(crate) struct Chat {
    /// What is said.
    #[schemars(length(min = 1, max = 500))]
    pub(crate) text: String,
    /// The line that is answered.
    pub(crate) reply_to: Option<Uuid>,
}

/// A line shown to everyone in the room.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "chat_notification")]
pub(crate) struct ChatNotification {
    pub(crate) author: Author,
    pub(crate) line: Chat,
    pub(crate) at: DateTime<Utc>,
}

/// Who wrote a line.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Author {
    /// The name that others see.
    #[garde(length(min = 2, max = 32))]
    pub(crate) display_name: String,
    #[garde(range(min = 18))]
    pub(crate) age: Option<u8>,
    /// What the author may do.
    #[serde(default)]
    pub(crate) role: Role,
    pub(crate) born: Option<NaiveDate>,
}

/// What an author may do.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// Reads and writes.
    #[default]
    Member,
    /// Throws others out, too.
    Moderator,
    Guest,
}

/// What is drawn on the board, all variants of tagging.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Draw {
    pub(crate) shape: Shape,
    pub(crate) fill: Fill,
    pub(crate) stroke: Stroke,
    pub(crate) label: Label,
    pub(crate) layers: Vec<Option<Shape>>,
    pub(crate) anchors: BTreeMap<u32, (i32, i32)>,
    pub(crate) tags: HashMap<String, Option<Tag>>,
    pub(crate) anything: serde_json::Value,
}

/// Tagged from within.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Shape {
    /// All points at one distance.
    Circle {
        radius: f64,
    },
    /// Drawn line by line.
    Polygon(Polygon),
    Nothing,
}

/// Lines between points.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Polygon {
    /// At least three.
    #[schemars(length(min = 3))]
    pub(crate) points: Vec<(i32, i32)>,
}

/// Tagged from without.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fill {
    None,
    Solid(String),
    Gradient { start: String, end: String },
}

/// Tagged beside.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub(crate) enum Stroke {
    Plain,
    Dashed { gap: u16 },
}

/// Not tagged.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Label {
    Text(String),
    Rich { markdown: String },
    Named(Tag),
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Tag {
    pub(crate) name: String,
}

/// A newtype around text.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Topic(pub(crate) String);

/// A newtype around a named type.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Introduce(pub(crate) Author);

/// A newtype around a list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct History(pub(crate) Vec<ChatNotification>);

/// Everything about it may be left out.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Search(pub(crate) Option<SearchOptions>);

/// What to look for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct SearchOptions {
    #[serde(default = "ten")]
    pub(crate) limit: u32,
    #[serde(default)]
    pub(crate) words: Vec<String>,
}

fn ten() -> u32 {
    10
}

pub(crate) mod invoices {
    use super::{Deserialize, JsonSchema, Message, Serialize};

    /// How an invoice stands.
    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
    #[message(action = "invoice_status")]
    pub(crate) struct Status {
        pub(crate) paid: bool,
        pub(crate) detail: Detail,
    }

    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
    pub(crate) struct Detail {
        pub(crate) cents: i64,
    }
}

pub(crate) mod members {
    use super::{Deserialize, JsonSchema, Message, Serialize};

    /// Whether a member is there.
    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
    #[message(action = "member_status")]
    pub(crate) struct Status {
        pub(crate) online: bool,
        pub(crate) detail: Detail,
    }

    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
    pub(crate) struct Detail {
        pub(crate) device: String,
    }
}

/// What a moderator may do.
#[derive(Debug, Clone, MessageEnum)]
pub(crate) enum Moderation {
    Mute(Mute),
    Expel(Expel),
}

/// Silences a member.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(example = Mute { member: "ann".into(), minutes: 5 })]
#[message(example = Mute { member: "bob".into(), minutes: 60 })]
pub(crate) struct Mute {
    pub(crate) member: String,
    #[schemars(range(min = 1, max = 1440))]
    pub(crate) minutes: u32,
}

/// Throws a member out.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Expel {
    pub(crate) member: String,
}

/// Done as asked.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Done;

/// A payment has arrived.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
pub(crate) struct PaymentCompleted {
    pub(crate) id: u64,
}

/// Somebody has joined.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Event, Message)]
pub(crate) struct MemberJoined {
    pub(crate) member: String,
}

/// What the path of a room says.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "describes the path")]
pub(crate) struct RoomPath {
    /// The room to join.
    #[schemars(extend("examples" = ["lobby", "rust"]))]
    room: String,
}

/// What the query of a room says.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "describes the query")]
pub(crate) struct RoomQuery {
    /// Lines to send on joining.
    #[serde(default = "ten")]
    history: u32,
    color: Option<Color>,
}

/// The colour of an author's lines.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(crate) struct Color(#[expect(dead_code, reason = "describes the query")] String);

#[derive(Consumer)]
pub(crate) struct Room;

impl Connect for Room {
    type Handshake = (Path<String>, Bearer);

    async fn connect(_: Self::Handshake) -> Result<Self, Rejection> {
        Ok(Self)
    }
}

/// One chat room.
///
/// Every member receives what the others send.
#[channel(
    name = "room",
    tags = ["chat"],
    groups = ["all"],
    sends(ChatNotification, History),
    passthrough(MemberJoined),
    security(bearer, query("token"), header("X-Api-Key"), cookie("session")),
    path(RoomPath),
    query(RoomQuery)
)]
impl Room {
    /// Send a line to the room.
    ///
    /// The first line is the summary, the rest the description.
    #[ws_handler(tags = ["lines"])]
    async fn chat(&mut self, line: Chat, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        let author = Author {
            display_name: "ann".into(),
            age: None,
            role: Role::Member,
            born: None,
        };
        let at = DateTime::UNIX_EPOCH;
        ctx.broadcast(ChatNotification { author, line, at }).await?;
        Ok(())
    }

    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }

    /// Draw on the board.
    #[ws_handler(sends(Draw))]
    async fn draw(&mut self, drawing: Draw, ctx: &mut Context<Self>) -> Result<Done, HandlerError> {
        ctx.broadcast(drawing).exclude_current().await?;
        Ok(Done)
    }

    /// Keep the room in order.
    #[ws_handler]
    async fn moderate(&mut self, _: Moderation) -> Option<Done> {
        Some(Done)
    }

    #[ws_handler]
    async fn topic(&mut self, topic: Topic) -> Topic {
        topic
    }

    #[ws_handler]
    async fn introduce(&mut self, _: Introduce) {}

    #[ws_handler]
    async fn search(&mut self, _: Search) -> Vec<History> {
        Vec::new()
    }

    /// Tell of a payment.
    #[event_handler]
    async fn payment_completed(&mut self, event: PaymentCompleted) -> invoices::Status {
        invoices::Status {
            paid: true,
            detail: invoices::Detail {
                cents: event.id.cast_signed(),
            },
        }
    }
}

#[derive(Default, Connect, Consumer)]
pub(crate) struct Presence;

#[channel(name = "presence", description = "Who is there.", tags = ["chat", "members"])]
impl Presence {
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }

    /// Tell others that one is there.
    #[ws_handler(sends(members::Status))]
    async fn announce(&mut self, _: Done) {}
}

pub(crate) fn info() -> Info {
    Info::new("Kitchen Sink", "1.2.3")
        .description("Everything there is, in *one* application.")
        .contact(Contact::new("The cooks").email("cooks@example.com"))
        .license(License::new("MIT"))
        .server("production", "wss://chat.example")
        .server("development", "ws://localhost:8000")
}

pub(crate) fn channels() -> Channels {
    Channels::new(ChannelLayer::new())
        .route::<Room>("/ws/room/{room}")
        .route_with::<Presence>("/ws/presence/{*place}", |options: ChannelOptions| {
            options
                .completion_frames(true)
                .authentication_frames(AuthenticationFrames::OnRefusal)
        })
        .bearer_query("access_token")
        .asyncapi(info())
}
