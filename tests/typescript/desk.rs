//! Channels that do what a client has to bear, served by the test itself.

use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use chanx::{
    AuthenticationFrames, Bearer, ChannelLayer, Channels, Connect, Consumer, Context, HandlerError,
    Info, Message, Ping, Pong, Rejection, Streamed, channel,
};
use futures_util::stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

/// Wants to hear numbers.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Count {
    to: u32,
}

/// One of the numbers.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Counted {
    number: u32,
}

/// Wants numbers, one after the other, as long as it listens.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Follow {
    /// Where there is an end.
    to: Option<u32>,
}

/// Wants the connection to be closed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct CloseWith {
    code: u16,
}

/// Does what it is asked.
#[derive(Default, Connect, Consumer)]
pub(crate) struct Desk;

#[channel(name = "desk", sends(Counted))]
impl Desk {
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }

    #[ws_handler]
    async fn count(
        &self,
        Count { to }: Count,
        ctx: &mut Context<Self>,
    ) -> Result<Pong, HandlerError> {
        for number in 0..to {
            ctx.send(Counted { number }).await?;
        }
        Ok(Pong)
    }

    /// Tell numbers until there is an end, or nobody listens any more.
    #[ws_handler]
    async fn follow(&self, Follow { to }: Follow) -> Result<Streamed<Counted>, HandlerError> {
        if to == Some(0) {
            return Err(HandlerError::client("nothing to tell").with_reason("empty"));
        }
        let numbers = 0..to.unwrap_or(u32::MAX);
        Ok(Streamed::new(stream::iter(
            numbers.map(|number| Counted { number }),
        )))
    }

    #[ws_handler]
    async fn close_with(&self, CloseWith { code }: CloseWith, ctx: &mut Context<Self>) {
        ctx.close(code, "as asked");
    }
}

/// Lets in whoever has a token that tells until when it is good, in milliseconds.
pub(crate) struct Vault {
    until: u64,
}

impl Connect for Vault {
    type Handshake = Bearer;

    async fn connect(token: Bearer) -> Result<Self, Rejection> {
        let until = token.as_str().parse();
        let until = until.map_err(|_| Rejection::unauthorized("no such token"))?;
        Ok(Self { until })
    }
}

impl Consumer for Vault {
    fn expires_at(&self) -> Option<std::time::SystemTime> {
        Some(UNIX_EPOCH + Duration::from_millis(self.until))
    }
}

#[channel(name = "vault", security(bearer))]
impl Vault {
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }
}

/// Wants to be let in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Knock;

/// Tells nobody that it is there, until it is spoken to.
pub(crate) struct Gate;

impl Connect for Gate {
    type Handshake = Bearer;

    async fn connect(token: Bearer) -> Result<Self, Rejection> {
        match token.as_str() {
            "stale" => Err(Rejection::unauthorized("expired")),
            _ => Ok(Self),
        }
    }
}

impl Consumer for Gate {}

#[channel(name = "gate", security(bearer), sends(Heard))]
impl Gate {
    #[ws_handler]
    async fn say(&self, Say { text }: Say, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        ctx.send(Heard { text }).await?;
        Ok(())
    }

    #[ws_handler]
    async fn knock(&self, _: Knock) -> Heard {
        Heard {
            text: "who is there?".to_owned(),
        }
    }
}

/// Says something in a room.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Say {
    text: String,
}

/// Said to all in the room.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Heard {
    text: String,
}

/// It has been said.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Said;

/// Wants the room to be closed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Archive;

/// Wants to hear the lines again.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Replay {
    /// Where there is an end.
    lines: Option<u32>,
}

/// Wants the subscription to fail.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Fail;

/// Has rooms for topics.
#[derive(Default, Connect, Consumer)]
pub(crate) struct Hub;

#[channel(name = "hub")]
impl Hub {
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }

    /// Follow a room.
    #[topic("room:{room}")]
    async fn room(&mut self, room: String) -> Result<Room, Rejection> {
        match room.as_str() {
            "locked" => Err(Rejection::forbidden("members only")),
            _ => Ok(Room { room }),
        }
    }
}

/// A subscription to a room.
pub(crate) struct Room {
    room: String,
}

impl Consumer for Room {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        ctx.join(self.room.as_str()).await?;
        Ok(())
    }
}

#[channel(name = "room", sends(Heard))]
impl Room {
    /// Say it to all, yourself included.
    #[ws_handler]
    async fn say(&self, Say { text }: Say, ctx: &mut Context<Self>) -> Result<Said, HandlerError> {
        ctx.broadcast(Heard { text }).with_metadata().await?;
        Ok(Said)
    }

    /// Hear again what has been said.
    #[ws_handler]
    async fn replay(&self, Replay { lines }: Replay) -> Streamed<Heard> {
        let lines = 0..lines.unwrap_or(u32::MAX);
        Streamed::new(stream::iter(lines.map(|line| Heard {
            text: line.to_string(),
        })))
    }

    /// Break the subscription.
    #[ws_handler]
    async fn fail(&self, _: Fail) {
        panic!("as asked");
    }

    #[ws_handler]
    async fn archive(&self, _: Archive, ctx: &mut Context<Self>) {
        ctx.close(4000, "archived");
    }
}

pub(crate) fn channels() -> Channels {
    Channels::new(ChannelLayer::new())
        .route::<Desk>("/ws/desk")
        .route::<Hub>("/ws/hub")
        .topic_route::<Hub>("/ws/rooms/{room}", "room:{room}")
        .route_with::<Gate>("/ws/gate", |options| {
            options.authentication_frames(AuthenticationFrames::OnRefusal)
        })
        .route_with::<Vault>("/ws/vault", |options| {
            options.authentication_frames(AuthenticationFrames::OnRefusal)
        })
        .asyncapi(Info::new("Desk", "1.0.0"))
}

/// Serves the channels until the runtime ends, and tells where.
pub(crate) async fn serve() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::from(channels());
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}
