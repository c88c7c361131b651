//! A consumer with handlers for events.

use axum::Router;
use chanx::{
    Broadcaster, ChannelLayer, Channels, Connect, Consumer, Context, Event, HandlerError, Message,
    channel,
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Told to the consumer, who tells its client in words of its own.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
pub(crate) struct Note(pub(crate) String);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Noted {
    pub(crate) text: String,
    pub(crate) nth: u32,
}

/// Told to the client unchanged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message, Event)]
pub(crate) struct Announcement {
    pub(crate) text: String,
}

/// Told to the client by whoever may.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Poster(pub(crate) String);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Join(pub(crate) String);

/// Asks for the name of the connection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Who;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Me {
    pub(crate) id: String,
}

#[derive(Debug, Default, Connect, Consumer)]
pub(crate) struct Board {
    notes: u32,
}

#[channel(name = "board", groups = ["all"], sends(Poster), passthrough(Announcement))]
impl Board {
    #[event_handler]
    async fn note(&mut self, Note(text): Note) -> Noted {
        self.notes += 1;
        Noted {
            text,
            nth: self.notes,
        }
    }

    #[ws_handler]
    async fn join(
        &mut self,
        Join(group): Join,
        ctx: &mut Context<Self>,
    ) -> Result<(), HandlerError> {
        ctx.join(group).await?;
        Ok(())
    }

    #[ws_handler]
    async fn who(&mut self, _: Who, ctx: &mut Context<Self>) -> Me {
        Me {
            id: ctx.connection_id().to_string(),
        }
    }
}

/// A consumer that publishes to boards.
#[derive(Debug, Default, Connect, Consumer)]
pub(crate) struct Desk;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Pin {
    pub(crate) text: String,
}

#[channel(name = "desk", sends(Poster))]
impl Desk {
    #[ws_handler]
    async fn pin(&mut self, pin: Pin, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        let boards = Broadcaster::<Board>::new(ctx.layer());
        boards.event(Note(pin.text.clone())).await?;
        boards.broadcast(Poster(pin.text)).await?;
        Ok(())
    }

    #[ws_handler]
    async fn who(&mut self, _: Who, ctx: &mut Context<Self>) -> Me {
        Me {
            id: ctx.connection_id().to_string(),
        }
    }
}

/// An application with boards and desks.
pub(crate) struct Office {
    pub(crate) app: Router,
    pub(crate) layer: ChannelLayer,
    pub(crate) boards: Broadcaster<Board>,
}

impl Office {
    pub(crate) fn new() -> Self {
        let layer = ChannelLayer::new();
        let channels: Channels = Channels::new(layer.clone())
            .route::<Board>("/board")
            .route::<Desk>("/desk");
        Self {
            app: channels.into(),
            boards: Broadcaster::new(&layer),
            layer,
        }
    }

    /// A board that is there, and its connection's name.
    pub(crate) async fn board(&self) -> (Communicator<Board>, chanx::ConnectionId) {
        let mut board = Communicator::<Board>::connect(&self.app, "/board").await;
        let me = board.request::<Me>(&Who).await;
        (board, me.id.parse().unwrap())
    }

    /// A board in a group of its own.
    pub(crate) async fn board_in(&self, group: &str) -> Communicator<Board> {
        let (mut board, _) = self.board().await;
        board.send(&Join(group.to_owned())).await;
        board.receive_all(chanx_testing::Until::Complete).await;
        board
    }
}

pub(crate) fn note(text: &str) -> Note {
    Note(text.to_owned())
}

pub(crate) fn noted(text: &str, nth: u32) -> Noted {
    Noted {
        text: text.to_owned(),
        nth,
    }
}
