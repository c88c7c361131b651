//! The code that the README opens with, compiled and run.

#![expect(
    clippy::let_and_return,
    missing_debug_implementations,
    unnameable_types,
    unreachable_pub,
    reason = "the README shows an application's own crate"
)]

mod support;

#[rustfmt::skip]
mod readme {
    use axum::{Json, Router, extract::Path, http::StatusCode, routing::post};
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    use super::support::{AppError, AppState, Db, Member, Payment, PaymentCompleted, PaymentNotice, User};

    use chanx::{
        Broadcaster, ChannelLayer, Channels, Connect, Consumer, Context, HandlerError, Info, Message, Ping, Pong, Rejection, channel,
    };

    /// A line typed by a user.
    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]   // action "chat"
    pub struct Chat { pub message: String }                                // the struct is the payload

    /// A line shown to everyone in the room.
    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
    #[message(action = "chat_notification")]
    pub struct ChatNotification { pub author: String, pub message: String }

    pub struct Room { name: String, user: User }

    impl Connect for Room {
        type Handshake = (Path<String>, Member);          // any axum extractors: authentication, permissions, state

        async fn connect((Path(name), Member(user)): Self::Handshake) -> Result<Self, Rejection> {
            Ok(Self { name, user })
        }
    }

    impl Consumer for Room {
        async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
            ctx.join(format!("room.{}", self.name)).await?;
            ctx.broadcast(ChatNotification::joined(&self.user)).exclude_current().await?;
            Ok(())
        }
    }

    #[channel(name = "room", description = "Real-time chat", tags = ["chat"], sends(ChatNotification))]
    impl Room {
        /// Send a line to the room.
        #[ws_handler]
        async fn chat(&mut self, line: Chat, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
            ctx.broadcast(ChatNotification { author: self.user.name.clone(), message: line.message }).await?;
            Ok(())
        }

        #[ws_handler]
        async fn ping(&self, _: Ping) -> Pong { Pong }

        #[event_handler]
        async fn payment_completed(&mut self, event: PaymentCompleted) -> PaymentNotice { PaymentNotice::from(event) }
    }

    fn channels(layer: ChannelLayer) -> Channels<AppState> {      // a function: tests, documents and the server share it
        Channels::new(layer)
            .route::<Room>("/ws/room/{room}")
            .asyncapi(Info::new("Chat API", "1.0.0"))      // /asyncapi, /asyncapi.json
    }

    pub fn app() -> Router {
        let db = Db;
        let layer = ChannelLayer::new();
        let app = Router::new()
            .route("/payments", post(pay))
            .merge(channels(layer.clone()))
            .with_state(AppState { db, layer });
        app
    }

    // from an HTTP handler, a task, anywhere: typed by the consumer it is for
    async fn pay(room: Broadcaster<Room>, Json(payment): Json<Payment>) -> Result<StatusCode, AppError> {
        room.event(PaymentCompleted::from(payment)).to("room.lobby").await?;
        Ok(StatusCode::ACCEPTED)
    }
}

use axum::{
    body::Body,
    http::{Request, StatusCode, header::CONTENT_TYPE},
};
use chanx::{Ping, Pong};
use chanx_testing::Communicator;
use serde_json::json;
use tower::ServiceExt;

use readme::{Chat, ChatNotification, Room, app};
use support::PaymentNotice;

#[test]
fn the_readme_shows_this_very_code() {
    let readme = include_str!("../../README.md");
    let (_, block) = readme.split_once("```rust\n").expect("a block of Rust");
    let (block, _) = block.split_once("```").expect("the end of the block");
    let mut lines = include_str!("main.rs").lines().map(str::trim);

    for line in block.lines().map(str::trim).filter(|line| !line.is_empty()) {
        assert!(
            lines.any(|compiled| compiled == line),
            "not compiled: {line}"
        );
    }
}

#[tokio::test]
async fn a_line_is_shown_to_everyone_in_the_room() {
    let app = app();
    let mut ann = Communicator::<Room>::connect(&app, "/ws/room/lobby?user=Ann").await;
    let mut bob = Communicator::<Room>::connect(&app, "/ws/room/lobby?user=Bob").await;
    assert_eq!(
        ann.receive::<ChatNotification>().await.message,
        "Bob has joined"
    );

    let message = "hello".to_owned();
    ann.send(&Chat { message }).await;

    assert_eq!(bob.receive::<ChatNotification>().await.message, "hello");
    assert_eq!(ann.request::<Pong>(&Ping).await, Pong);
}

#[tokio::test]
async fn a_payment_is_told_to_the_room() {
    let app = app();
    let mut ann = Communicator::<Room>::connect(&app, "/ws/room/lobby?user=Ann").await;

    let request = Request::post("/payments")
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(json!({"amount": 7}).to_string()))
        .expect("a request");
    let response = app.oneshot(request).await.expect("an answer");

    assert_eq!(response.status(), StatusCode::ACCEPTED);
    assert_eq!(ann.receive::<PaymentNotice>().await.amount, 7);
}
