//! Two channels with parts in common, and a part in a part.

use std::{borrow::Cow, error::Error, fmt};

use axum::Router;
use chanx::{
    Broadcaster, ChannelLayer, Channels, Connect, Consumer, Context, Disconnect, Event, Failure,
    HandlerError, Message, MessageEnum, Part, Ping, Pong, Streamed, channel, handlers,
};
use futures_util::stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How often the connection has been asked whether it is alive.
#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Beats {
    pub(crate) beats: u64,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Count;

/// Somebody types.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Type {
    pub(crate) who: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Typing {
    pub(crate) who: String,
}

/// Nobody types any more.
#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Stopped {
    pub(crate) who: String,
}

/// Nobody is to type any more.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Hush;

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Look;

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Listen;

#[derive(Debug, MessageEnum)]
pub(crate) enum Sense {
    Look(Look),
    Listen(Listen),
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Sensed {
    pub(crate) what: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, Event)]
pub(crate) struct Silence;

/// Something that goes to clients as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message, Event)]
pub(crate) struct Weather {
    pub(crate) sunny: bool,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Chat {
    pub(crate) line: String,
}

#[derive(Debug)]
pub(crate) struct Dark;

impl fmt::Display for Dark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing to see")
    }
}

impl Error for Dark {}

impl Failure for Dark {
    fn reason(&self) -> Option<Cow<'_, str>> {
        Some("dark".into())
    }

    fn detail(&self) -> Option<Cow<'_, str>> {
        Some(self.to_string().into())
    }
}

/// Counts pings.
#[derive(Debug, Default, Part)]
pub(crate) struct Heartbeat {
    beats: u64,
}

#[handlers]
impl Heartbeat {
    /// Say that we are alive.
    #[ws_handler(tags = ["health"])]
    async fn ping(&mut self, _: Ping) -> Pong {
        self.beats += 1;
        Pong
    }

    #[ws_handler]
    async fn count(&self, _: Count) -> Beats {
        Beats { beats: self.beats }
    }
}

/// A part in a part.
#[derive(Debug, Default, Part)]
pub(crate) struct Senses(u32);

#[handlers(passthrough(Weather))]
impl Senses {
    #[ws_handler(reasons("dark"))]
    async fn sense(&mut self, sense: Sense) -> Result<Sensed, Dark> {
        self.0 += 1;
        match sense {
            Sense::Look(_) => Err(Dark),
            Sense::Listen(_) => Ok(Sensed {
                what: format!("sound {}", self.0),
            }),
        }
    }
}

/// Who types.
#[derive(Debug, Default)]
pub(crate) struct Keyboard {
    who: Option<String>,
    senses: Senses,
}

impl Part for Keyboard {
    async fn disconnected(
        &mut self,
        ctx: &mut Context<Self>,
        _: Disconnect,
    ) -> Result<(), HandlerError> {
        self.stop(ctx).await
    }
}

#[handlers(sends(Stopped), include(self.senses: Senses))]
impl Keyboard {
    #[ws_handler(sends(Typing))]
    async fn typed(&mut self, typed: Type, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        let who = self.who.insert(typed.who).clone();
        ctx.broadcast(Typing { who }).exclude_current().await?;
        Ok(())
    }

    #[event_handler]
    async fn silence(&mut self, ctx: &mut Context<Self>, _: Silence) -> Result<(), HandlerError> {
        self.stop(ctx).await
    }

    /// Called by the hook, and by handlers of consumers.
    pub(crate) async fn stop(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        if let Some(who) = self.who.take() {
            ctx.broadcast(Stopped { who }).await?;
        }
        Ok(())
    }
}

#[derive(Debug, Default)]
pub(crate) struct Parts {
    heartbeat: Heartbeat,
}

#[derive(Debug, Default, Connect, Consumer)]
pub(crate) struct Room {
    parts: Parts,
    keyboard: Keyboard,
}

#[channel(
    name = "room",
    groups = ["room"],
    include(self.parts.heartbeat: Heartbeat, self.keyboard: Keyboard),
)]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) -> Streamed<Sensed> {
        let words: Vec<_> = chat.line.split(' ').map(str::to_owned).collect();
        Streamed::new(stream::iter(words.into_iter().map(|what| Sensed { what })))
    }

    #[ws_handler]
    async fn hush(&mut self, _: Hush, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        self.keyboard.stop(ctx.part()).await
    }
}

#[derive(Debug, Default, Connect, Consumer)]
pub(crate) struct Desk(Heartbeat);

#[channel(name = "desk", include(self.0: Heartbeat))]
impl Desk {}

pub(crate) struct House {
    pub(crate) app: Router,
    pub(crate) rooms: Broadcaster<Room>,
}

pub(crate) fn channels(layer: ChannelLayer) -> Channels {
    Channels::new(layer)
        .route::<Room>("/room")
        .route::<Desk>("/desk")
}

impl House {
    pub(crate) fn new() -> Self {
        let layer = ChannelLayer::new();
        Self {
            app: channels(layer.clone()).into_router(),
            rooms: Broadcaster::new(&layer),
        }
    }
}
