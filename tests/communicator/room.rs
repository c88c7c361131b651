//! The application that these tests are about.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    extract::{ConnectInfo, FromRef, FromRequestParts, Path, Query, State},
    http::{HeaderMap, StatusCode, request::Parts},
    routing::post,
};
use chanx::{
    Broadcaster, ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Context, Disconnect,
    Event, HandlerError, Message, MessageEnum, Ping, Pong, Rejection, channel,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A line typed by a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Chat {
    pub(crate) message: String,
}

/// A line shown to everyone in the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct ChatNotification {
    pub(crate) author: String,
    pub(crate) message: String,
}

/// Asks for as many lines, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Recite {
    pub(crate) lines: u32,
}

/// Asks for a line that comes after a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Nap {
    pub(crate) millis: u64,
}

/// Is answered with an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Fail;

/// Fails for a reason that is not the client's business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Break;

/// Makes the handler panic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Crash;

/// Makes the server close the connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Evict {
    pub(crate) code: u16,
    pub(crate) reason: String,
}

/// Is not answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Note;

/// Asks what the server knows of the handshake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Whoami;

/// What the server knows of a handshake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Visitor {
    pub(crate) user: String,
    pub(crate) peer: String,
    pub(crate) token: Option<String>,
    pub(crate) cookie: Option<String>,
    pub(crate) subprotocol: Option<String>,
}

/// A payment, shown to the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct PaymentNotice {
    pub(crate) amount: u32,
}

/// Nobody accepts this, and nobody sends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Stranger;

/// One of two messages, for one handler.
#[derive(Debug, MessageEnum)]
pub(crate) enum Movement {
    Enter(Enter),
    Leave(Leave),
}

/// Someone comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Enter;

/// Someone goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Leave;

/// A payment went through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Event)]
pub(crate) struct PaymentCompleted {
    pub(crate) amount: u32,
}

/// Something that clients are not told of.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
pub(crate) struct Audited;

/// Something that its handler fails over.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
pub(crate) struct Lost;

/// The connections that have ended, and how.
pub(crate) type Journal = Arc<Mutex<Vec<(String, Disconnect)>>>;

pub(crate) struct Room {
    name: String,
    visitor: Visitor,
    journal: Journal,
}

impl Connect for Room {
    type Handshake = (Path<String>, Visitor, State<Journal>);

    async fn connect(
        (Path(name), visitor, State(journal)): Self::Handshake,
    ) -> Result<Self, Rejection> {
        if name == "attic" {
            return Err(Rejection::forbidden("nobody goes there"));
        }
        Ok(Self {
            name,
            visitor,
            journal,
        })
    }
}

impl Consumer for Room {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        match self.name.as_str() {
            "hall" => tokio::time::sleep(Duration::from_secs(3)).await,
            "cellar" => return Err(HandlerError::client("it is dark")),
            "loft" => return Err(HandlerError::internal(std::io::Error::other("no ladder"))),
            _ => {}
        }
        ctx.join(self.name.clone()).await?;
        Ok(())
    }

    async fn disconnected(
        &mut self,
        _: &mut Context<Self>,
        why: Disconnect,
    ) -> Result<(), HandlerError> {
        if self.name == "porch" {
            return Err(HandlerError::internal(std::io::Error::other(
                "the door is stuck",
            )));
        }
        let user = self.visitor.user.clone();
        self.journal.lock().unwrap().push((user, why));
        Ok(())
    }
}

#[channel(name = "room", sends(ChatNotification))]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, line: Chat, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        let line = self.says(line.message);
        ctx.broadcast(line).exclude_current().await?;
        Ok(())
    }

    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }

    #[ws_handler]
    async fn recite(&mut self, ask: Recite) -> Vec<ChatNotification> {
        (1..=ask.lines).map(|n| self.says(n.to_string())).collect()
    }

    #[ws_handler]
    async fn nap(&mut self, nap: Nap) -> ChatNotification {
        tokio::time::sleep(Duration::from_millis(nap.millis)).await;
        self.says("awake".to_owned())
    }

    #[ws_handler]
    async fn fail(&mut self, _: Fail) -> Result<(), HandlerError> {
        Err(HandlerError::client("room is full").with_reason("room_full"))
    }

    #[ws_handler]
    async fn break_down(&mut self, _: Break) -> Result<(), HandlerError> {
        let cause = std::io::Error::other("no space left on the disk");
        Err(HandlerError::internal(cause))
    }

    #[ws_handler]
    async fn crash(&mut self, _: Crash) {
        panic!("on purpose");
    }

    #[ws_handler]
    async fn evict(&mut self, evict: Evict, ctx: &mut Context<Self>) {
        ctx.close(evict.code, evict.reason);
    }

    #[ws_handler]
    async fn note(&mut self, _: Note) {}

    #[ws_handler]
    async fn whoami(&mut self, _: Whoami) -> Visitor {
        self.visitor.clone()
    }

    #[ws_handler]
    async fn movement(&mut self, movement: Movement) -> ChatNotification {
        self.says(match movement {
            Movement::Enter(_) => "enters".to_owned(),
            Movement::Leave(_) => "leaves".to_owned(),
        })
    }

    #[event_handler]
    async fn payment_completed(&mut self, event: PaymentCompleted) -> PaymentNotice {
        PaymentNotice {
            amount: event.amount,
        }
    }

    #[event_handler]
    async fn audited(&mut self, _: Audited) {}

    #[event_handler]
    async fn lost(&mut self, _: Lost) -> Result<(), HandlerError> {
        Err(HandlerError::internal(std::io::Error::other(
            "where is it?",
        )))
    }
}

impl Room {
    fn says(&self, message: String) -> ChatNotification {
        ChatNotification {
            author: self.visitor.user.clone(),
            message,
        }
    }
}

#[derive(Deserialize)]
struct Name {
    user: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = (StatusCode, String);

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let name = Query::<Name>::from_request_parts(parts, state).await;
        let user = name.ok().and_then(|Query(name)| name.user);
        let ConnectInfo(peer) = ConnectInfo::<SocketAddr>::from_request_parts(parts, state)
            .await
            .map_err(|missing| (missing.status(), missing.body_text()))?;
        Ok(Self {
            user: user.ok_or_else(|| (StatusCode::UNAUTHORIZED, "who are you?".to_owned()))?,
            peer: peer.to_string(),
            token: header(&parts.headers, "authorization"),
            cookie: header(&parts.headers, "cookie"),
            subprotocol: header(&parts.headers, "sec-websocket-protocol"),
        })
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().unwrap().to_owned())
}

#[derive(Clone, FromRef)]
struct AppState {
    layer: ChannelLayer,
    journal: Journal,
}

async fn pay(room: Broadcaster<Room>, amount: String) -> StatusCode {
    let amount = amount.parse().unwrap();
    let event = room.event(PaymentCompleted { amount }).to("lobby");
    event.await.unwrap();
    StatusCode::ACCEPTED
}

/// An application, with its layer and its notes for the test.
pub(crate) struct App {
    pub(crate) router: Router,
    pub(crate) room: Broadcaster<Room>,
    pub(crate) layer: ChannelLayer,
    pub(crate) journal: Journal,
}

pub(crate) fn app() -> App {
    app_with(ChannelLayer::new(), ChannelOptions::default())
}

pub(crate) fn app_with(layer: ChannelLayer, options: ChannelOptions) -> App {
    let journal = Journal::default();
    let channels = Channels::new(layer.clone())
        .options(options.subprotocols(["chat.v2"]))
        .route::<Room>("/ws/room/{room}");
    let state = AppState {
        layer: layer.clone(),
        journal: journal.clone(),
    };
    App {
        router: Router::new()
            .route("/pay", post(pay))
            .merge(channels)
            .with_state(state),
        room: Broadcaster::new(&layer),
        layer,
        journal,
    }
}
