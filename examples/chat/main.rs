//! A chat whose rooms are addresses.
//!
//! ```text
//! cargo run --example chat                  PORT=8000 chooses another port than 3000
//!                                           RUST_LOG=debug tells more
//!                                           REDIS_URL=redis://127.0.0.1 joins several,
//!                                           and NATS_URL=nats://127.0.0.1 does, too
//!
//! browser ──▶ /ws/room/{room} ─▶ Room ─message─▶ group ─▶ every browser in the room
//! curl ─────▶ /announce ─event─▶ group ─▶ every Room ─message─▶ its browser
//! ```

mod logging;
mod page;
mod serve;
mod shutdown;
#[cfg(test)]
mod tests;

use std::{env, error::Error};

use axum::extract::{Path, Query};
use axum::{Json, Router, http::StatusCode, routing::post};
use chanx::{
    Broadcaster, ChannelLayer, Channels, Connect, Consumer, Context, Control, Disconnect, Event,
    HandlerError, Info, Message, Ping, Pong, Rejection, channel, layer::BrokerError,
};
use chanx_nats::NatsBroker;
use chanx_redis::RedisBroker;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

/// A line typed by a member.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Chat {
    message: String,
}

/// A line shown to everyone in the room.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct ChatNotification {
    author: String,
    message: String,
}

/// Somebody has come into the room.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct MemberJoined {
    name: String,
}

/// Somebody has left the room.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct MemberLeft {
    name: String,
}

/// A word from outside, shown to everyone in the room.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Announcement {
    message: String,
}

/// Something was announced by HTTP; also what `POST /announce` takes.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
struct Announced {
    room: String,
    message: String,
}

/// One member's place in a room.
struct Room {
    group: String,
    name: String,
}

/// The user who comes in, from the query of the socket's address.
#[derive(Deserialize)]
struct Member {
    name: Option<String>,
}

impl Connect for Room {
    type Handshake = (Path<String>, Query<Member>);

    async fn connect((Path(room), Query(member)): Self::Handshake) -> Result<Self, Rejection> {
        let name = member.name.as_deref().unwrap_or("guest").trim();
        if !(1..=32).contains(&name.chars().count()) {
            let detail = "a name has 1 to 32 characters";
            return Err(Rejection::new(StatusCode::BAD_REQUEST, detail));
        }
        let (group, name) = (format!("room.{room}"), name.to_owned());
        Ok(Self { group, name })
    }
}

impl Consumer for Room {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        ctx.join(self.group.as_str()).await?;
        let name = self.name.clone();
        let joined = MemberJoined { name };
        ctx.broadcast(joined).exclude_current().await?;
        Ok(())
    }

    async fn disconnected(
        &mut self,
        ctx: &mut Context<Self>,
        _why: Disconnect,
    ) -> Result<(), HandlerError> {
        let name = self.name.clone();
        ctx.broadcast(MemberLeft { name }).await?;
        Ok(())
    }
}

#[channel(
    name = "room",
    description = "Real-time chat",
    tags = ["chat"],
    sends(ChatNotification, MemberJoined, MemberLeft)
)]
impl Room {
    /// Send a line to the room.
    ///
    /// Everyone in it is shown the line, the sender included.
    #[ws_handler]
    async fn chat(&mut self, line: Chat, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        if line.message.trim().is_empty() {
            return Err(HandlerError::client("a line needs words"));
        }
        let (author, message) = (self.name.clone(), line.message);
        let notification = ChatNotification { author, message };
        ctx.broadcast(notification).with_metadata().await?;
        Ok(())
    }

    /// Ask whether the room still answers.
    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }

    /// Show what was announced.
    #[event_handler]
    async fn announced(&mut self, event: Announced) -> Announcement {
        let message = event.message;
        Announcement { message }
    }
}

async fn announce(rooms: Broadcaster<Room>, Json(event): Json<Announced>) -> StatusCode {
    let group = format!("room.{}", event.room);
    match rooms.event(event).to(group).await {
        Ok(_) => StatusCode::ACCEPTED,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// The application, and what ends its connections.
fn app(layer: ChannelLayer) -> (Router, Control) {
    let channels = Channels::new(layer.clone())
        .route::<Room>("/ws/room/{room}")
        .asyncapi(Info::new("Chat", env!("CARGO_PKG_VERSION")));
    let control = channels.control();
    let app = page::router()
        .route("/announce", post(announce))
        .merge(channels)
        .with_state(layer);
    (app, control)
}

/// One process by itself, or one of several that a Redis or a NATS joins.
async fn layer() -> Result<ChannelLayer, BrokerError> {
    if let Ok(url) = env::var("NATS_URL") {
        ChannelLayer::connect(NatsBroker::new(url)).await
    } else if let Ok(url) = env::var("REDIS_URL") {
        ChannelLayer::connect(RedisBroker::new(url)).await
    } else {
        Ok(ChannelLayer::new())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    logging::init()?;
    let port = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let url = format!("http://{}", listener.local_addr()?);

    let (app, control) = app(layer().await?);

    println!("the chat is at {url}");
    println!("its channel is described at {url}/asyncapi");
    println!("open it in two windows and talk, or announce something:");
    println!(r#"  curl {url}/announce --json '{{"room": "lobby", "message": "hello"}}'"#);
    let stop = async move {
        shutdown::requested().await;
        control.shutdown().await;
    };
    serve::serve(listener, async |socket| Ok(socket), app, stop).await;
    Ok(())
}
