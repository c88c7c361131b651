//! A hub of rooms, for the tests of subscriptions.

use std::time::Duration;

use axum::Router;
use chanx::{
    Broadcaster, ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Context, Disconnect,
    Event, HandlerError, Message, Ping, Pong, Rejection, Streamed, channel,
};
use chanx_testing::Communicator;
use futures_util::stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A line for all who follow the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Say {
    pub(crate) text: String,
}

/// A line of one who follows the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Said {
    pub(crate) room: String,
    pub(crate) text: String,
}

/// Asks for as many numbers, one by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Count {
    pub(crate) to: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Number {
    pub(crate) n: u32,
}

/// Is told to who subscribes, by `connected`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Welcome;

/// Is not answered, after a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Think;

/// Makes the handler panic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Crash;

/// Passes through to clients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message, Event)]
pub(crate) struct News {
    pub(crate) title: String,
}

#[derive(Default, Connect, Consumer)]
pub(crate) struct Hub;

#[channel(name = "hub")]
impl Hub {
    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }

    #[topic("room:{room}")]
    async fn room(&mut self, room: String) -> Result<Room, Rejection> {
        match room.as_str() {
            "attic" => Err(Rejection::forbidden("nobody goes there")),
            _ => Ok(Room { name: room }),
        }
    }
}

pub(crate) struct Room {
    name: String,
}

impl Consumer for Room {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        match self.name.as_str() {
            "hall" => tokio::time::sleep(Duration::from_secs(60)).await,
            "cellar" => return Err(HandlerError::client("it is dark")),
            "porch" => ctx.send(Welcome).await?,
            _ => {}
        }
        Ok(())
    }

    async fn disconnected(
        &mut self,
        ctx: &mut Context<Self>,
        _: Disconnect,
    ) -> Result<(), HandlerError> {
        let leaves = self.says("leaves".to_owned());
        ctx.broadcast(leaves).await?;
        Ok(())
    }
}

#[channel(name = "room", sends(Said, Welcome), passthrough(News))]
impl Room {
    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }

    #[ws_handler]
    async fn say(&mut self, say: Say, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        ctx.broadcast(self.says(say.text)).await?;
        Ok(())
    }

    #[ws_handler]
    async fn count(&mut self, count: Count) -> Streamed<Number> {
        Streamed::new(stream::iter((1..=count.to).map(|n| Number { n })))
    }

    #[ws_handler]
    async fn think(&mut self, _: Think) {
        tokio::time::sleep(Duration::from_secs(2)).await;
    }

    #[ws_handler]
    async fn crash(&mut self, _: Crash) {
        panic!("on purpose");
    }
}

impl Room {
    fn says(&self, text: String) -> Said {
        let room = self.name.clone();
        Said { room, text }
    }
}

/// Another channel, which is no topic of the hub's.
#[derive(Default, Connect, Consumer)]
pub(crate) struct Shed;

#[channel(name = "shed")]
impl Shed {}

/// An application, and what a test may want of it.
pub(crate) struct App {
    pub(crate) router: Router,
    pub(crate) rooms: Broadcaster<Room>,
    pub(crate) layer: ChannelLayer,
}

pub(crate) fn app() -> App {
    app_with(ChannelLayer::new(), ChannelOptions::default())
}

pub(crate) fn app_with(layer: ChannelLayer, options: ChannelOptions) -> App {
    let router = Channels::new(layer.clone())
        .options(options)
        .route::<Hub>("/hub")
        .topic_route::<Hub>("/rooms/{room}", "room:{room}")
        .into_router();
    App {
        router,
        rooms: Broadcaster::new(&layer),
        layer,
    }
}

impl App {
    pub(crate) async fn connect(&self) -> Communicator<Hub> {
        Communicator::connect(&self.router, "/hub").await
    }
}

pub(crate) fn say(text: &str) -> Say {
    let text = text.to_owned();
    Say { text }
}

pub(crate) fn said(room: &str, text: &str) -> Said {
    let (room, text) = (room.to_owned(), text.to_owned());
    Said { room, text }
}

pub(crate) fn news(title: &str) -> News {
    let title = title.to_owned();
    News { title }
}
