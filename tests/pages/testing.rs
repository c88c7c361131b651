//! The code of `docs/src/guides/testing.md`, as tests that run.

use std::io::Write;

use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts, Path},
    http::{Request, StatusCode, header, request::Parts},
    routing::post,
};
use chanx::{
    Broadcaster, ChannelLayer, Channels, Connect, Consumer, Context, Event, HandlerError, Message,
    Ping, Pong, Rejection, channel,
};
use chanx_testing::{CaptureLayer, Communicator, Until};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::{
    io::AsyncReadExt,
    net::TcpListener,
    time::{Duration, Instant, timeout},
};
use tower::ServiceExt;

use crate::rust_blocks;

/// A line typed by a user.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Chat {
    message: String,
}

/// A line shown to everyone in the room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct ChatNotification {
    author: String,
    message: String,
}

/// A payment went through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Event, Message)]
struct PaymentCompleted {
    amount: u32,
}

/// The bearer of a token, which is a name here.
struct Member(String);

impl<S: Send + Sync> FromRequestParts<S> for Member {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let token = parts.headers.get(header::AUTHORIZATION);
        let name = token.and_then(|token| token.to_str().ok()?.strip_prefix("Bearer "));
        let name = name.ok_or((StatusCode::UNAUTHORIZED, "a token is required"))?;
        Ok(Self(name.to_owned()))
    }
}

struct Room {
    name: String,
    user: String,
}

impl Connect for Room {
    type Handshake = (Path<String>, Member);

    async fn connect((Path(name), Member(user)): Self::Handshake) -> Result<Self, Rejection> {
        if name == "attic" {
            return Err(Rejection::forbidden("nobody goes there"));
        }
        Ok(Self { name, user })
    }
}

impl Consumer for Room {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        Ok(ctx.join(format!("room.{}", self.name)).await?)
    }
}

#[channel(name = "room", sends(ChatNotification), passthrough(PaymentCompleted))]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, line: Chat, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        if line.message == "/leave" {
            ctx.close(4000, "bye");
            return Ok(());
        }
        if line.message.is_empty() {
            return Err(HandlerError::client("say something").with_reason("empty_line"));
        }
        let author = self.user.clone();
        let message = line.message;
        ctx.broadcast(ChatNotification { author, message }).await?;
        Ok(())
    }

    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        tokio::time::sleep(Duration::from_secs(2)).await;
        Pong
    }
}

/// A member's connection, which follows rooms.
struct Desk {
    user: String,
}

impl Connect for Desk {
    type Handshake = Member;

    async fn connect(Member(user): Member) -> Result<Self, Rejection> {
        Ok(Self { user })
    }
}

impl Consumer for Desk {}

#[channel(name = "desk")]
impl Desk {
    #[topic("room:{room}")]
    async fn room(&mut self, name: String) -> Result<Room, Rejection> {
        if name == "attic" {
            return Err(Rejection::forbidden("nobody goes there"));
        }
        let user = self.user.clone();
        Ok(Room { name, user })
    }
}

async fn pay(room: Broadcaster<Room>, amount: String) -> StatusCode {
    let amount = amount.parse().unwrap();
    let event = room.event(PaymentCompleted { amount }).to("room.lobby");
    event.await.unwrap();
    StatusCode::ACCEPTED
}

fn app_with(layer: ChannelLayer) -> Router {
    let channels = Channels::new(layer.clone())
        .route::<Room>("/ws/room/{room}")
        .route::<Desk>("/ws");
    Router::new()
        .route("/payments", post(pay))
        .merge(channels)
        .with_state(layer)
}

fn app() -> Router {
    app_with(ChannelLayer::new())
}

fn line(author: &str, message: &str) -> ChatNotification {
    ChatNotification {
        author: author.to_owned(),
        message: message.to_owned(),
    }
}

async fn join(app: &Router, user: &str) -> Communicator<Room> {
    Communicator::builder(app, "/ws/room/lobby")
        .bearer(user)
        .connect()
        .await
}

#[tokio::test(start_paused = true)]
async fn a_line_reaches_everyone_in_the_room() {
    let app = app();
    let mut ana = join(&app, "ana").await;
    let mut ben = join(&app, "ben").await;

    let message = "hello".to_owned();
    ana.send(&Chat { message }).await;

    let heard: ChatNotification = ben.receive().await;
    assert_eq!(heard, line("ana", "hello"));
}

#[tokio::test(start_paused = true)]
async fn strangers_are_turned_away() {
    let app = app();
    let stranger = Communicator::<Room>::builder(&app, "/ws/room/lobby");

    let refused = stranger.connect_or_refused().await.unwrap_err();

    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refused.text(), "a token is required");
}

#[tokio::test(start_paused = true)]
async fn the_attic_is_off_limits() {
    let app = app();
    let ana = Communicator::<Room>::builder(&app, "/ws/room/attic")
        .bearer("ana")
        .cookie("theme", "dark")
        .header("x-request-id", "7")
        .query("since", "10 minutes ago")
        .subprotocol("chat.v2")
        .peer(([192, 0, 2, 7], 1234))
        .timeout(Duration::from_secs(1));

    let refused = ana.connect_or_refused().await.unwrap_err();

    assert_eq!(refused.detail().as_deref(), Some("nobody goes there"));
}

#[tokio::test(start_paused = true)]
async fn json_is_as_good_as_a_message() {
    let mut ana = join(&app(), "ana").await;

    ana.send_json(json!({"action": "chat", "payload": {"message": "hello"}}))
        .await;

    let received = ana.receive_any().await;
    assert_eq!(received.action(), "chat_notification");
    assert_eq!(received.payload()["author"], "ana");
    assert_eq!(received.parse::<ChatNotification>(), line("ana", "hello"));
}

#[tokio::test(start_paused = true)]
async fn a_ping_is_answered() {
    let mut ana = join(&app(), "ana").await;

    assert_eq!(ana.request::<Pong>(&Ping).await, Pong);
}

/// The rows of a database that has been set up for a test.
struct Database {
    user: String,
}

/// Stands for a database: it answers over a socket, in its own time.
async fn set_up_database() -> Database {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let database = std::thread::spawn(move || {
        let mut client = std::net::TcpStream::connect(address).unwrap();
        client.write_all(b"ana").unwrap();
    });
    let (mut connection, _) = listener.accept().await.unwrap();
    let mut user = String::new();
    let read = connection.read_to_string(&mut user);
    timeout(Duration::from_secs(30), read)
        .await
        .unwrap()
        .unwrap();
    database.join().unwrap();
    Database { user }
}

#[tokio::test]
async fn a_nap_takes_two_seconds_of_a_paused_clock() {
    let database = set_up_database().await; // real time: it answers over a socket
    let app = app_with(ChannelLayer::new());
    let mut ana = join(&app, &database.user).await;

    tokio::time::pause();
    let before = Instant::now();
    assert_eq!(ana.request::<Pong>(&Ping).await, Pong);
    assert_eq!(before.elapsed().as_secs(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_empty_line_is_an_error() {
    let mut ana = join(&app(), "ana").await;

    let message = String::new();
    ana.send(&Chat { message }).await;
    ana.expect_error("empty_line").await;

    ana.send_json(json!({"action": "chat", "payload": {}}))
        .await;
    ana.expect_error("missing").await;
}

#[tokio::test(start_paused = true)]
async fn lines_come_in_order() {
    let mut ana = join(&app(), "ana").await;

    for message in ["one", "two", "three"] {
        let message = message.to_owned();
        ana.send(&Chat { message }).await;
    }
    let received = ana.receive_all(Until::Complete).await;

    let lines = received.iter().map(|line| &line.payload()["message"]);
    assert!(lines.eq(["one", "two", "three"]));
}

async fn follow(app: &Router, user: &str) -> Communicator<Desk> {
    let desk = Communicator::builder(app, "/ws");
    desk.bearer(user).connect().await
}

#[tokio::test(start_paused = true)]
async fn one_connection_follows_two_rooms() {
    let mut ana = follow(&app(), "ana").await;
    let mut lobby = ana.subscribe::<Room>("room:lobby").await;
    let mut kitchen = ana.subscribe::<Room>("room:kitchen").await;

    let message = "hello".to_owned();
    lobby.send(&Chat { message }).await;

    let heard: ChatNotification = lobby.receive().await;
    assert_eq!(heard, line("ana", "hello"));
    kitchen.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn the_attic_is_followed_by_nobody() {
    let mut ana = follow(&app(), "ana").await;

    let refused = ana.subscribe_or_refused::<Room>("room:attic").await;
    assert_eq!(refused.unwrap_err().payload()["reason"], "unauthorized");
}

#[tokio::test(start_paused = true)]
async fn an_archived_room_is_followed_no_more() {
    let layer = ChannelLayer::new();
    let rooms = Broadcaster::<Room>::new(&layer);
    let mut ana = follow(&app_with(layer), "ana").await;
    let mut lobby = ana.subscribe::<Room>("room:lobby").await;
    let kitchen = ana.subscribe::<Room>("room:kitchen").await;

    rooms
        .unsubscribe("archived", "gone")
        .to("room:lobby")
        .await
        .unwrap();
    let ended = lobby.expect_unsubscribed("archived").await;
    assert_eq!(ended.payload()["detail"], "gone");
    kitchen.unsubscribe().await;
}

#[tokio::test(start_paused = true)]
async fn other_rooms_hear_nothing() {
    let app = app();
    let mut ana = join(&app, "ana").await;
    let mut eve = Communicator::<Room>::builder(&app, "/ws/room/kitchen")
        .bearer("eve")
        .connect()
        .await;

    let message = "hello".to_owned();
    ana.send(&Chat { message }).await;

    eve.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn whoever_leaves_is_gone() {
    let layer = ChannelLayer::new();
    let app = app_with(layer.clone());
    let mut ana = join(&app, "ana").await;
    let ben = join(&app, "ben").await;

    let message = "/leave".to_owned();
    ana.send(&Chat { message }).await;
    assert_eq!(ana.closed().await.code, 4000);
    ben.close(1000).await;

    assert_eq!(layer.stats().connections, 0);
}

#[tokio::test(start_paused = true)]
async fn a_payment_is_shown_in_the_room() {
    let app = app();
    let mut ana = join(&app, "ana").await;

    let request = Request::post("/payments").body(Body::from("5")).unwrap();
    app.oneshot(request).await.unwrap();

    assert_eq!(ana.receive::<PaymentCompleted>().await.amount, 5);
}

#[tokio::test]
async fn a_payment_tells_the_lobby() {
    let capture = CaptureLayer::new();
    let app = app_with(capture.layer());

    let request = Request::post("/payments").body(Body::from("5")).unwrap();
    app.oneshot(request).await.unwrap();

    let event: PaymentCompleted = capture.expect_event::<Room, _>("room.lobby");
    assert_eq!(event.amount, 5);
    capture.expect_nothing();
}

#[tokio::test]
async fn a_server_that_runs_already_is_tested_the_same_way() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app()).await });

    let mut ana = Communicator::<Room>::builder_at(&format!("ws://{address}/ws/room/lobby"))
        .bearer("ana")
        .connect()
        .await;

    ana.send_json(json!({"action": "chat", "payload": {"message": "hello"}}))
        .await;
    let heard: ChatNotification = ana.receive().await;
    assert_eq!(heard, line("ana", "hello"));
}

#[test]
fn every_line_of_code_on_the_page_is_in_this_file() {
    let blocks = rust_blocks(include_str!("../../docs/src/guides/testing.md"));
    let file = include_str!("testing.rs");

    assert!(!blocks.is_empty());
    for block in blocks {
        let found = file.contains(&block) || file.contains(&indented(&block));
        assert!(found, "not in the file:\n{block}");
    }
}

fn indented(code: &str) -> String {
    let lines = code.lines().map(|line| match line {
        "" => "\n".to_owned(),
        line => format!("    {line}\n"),
    });
    lines.collect()
}
