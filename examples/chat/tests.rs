//! The chat as its members meet it, in memory.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header::CONTENT_TYPE},
};
use chanx::{ChannelLayer, Ping, Pong};
use chanx_testing::{CaptureLayer, Communicator};
use serde_json::json;
use tower::ServiceExt;

use crate::{Announced, Announcement, Chat, ChatNotification, MemberJoined, MemberLeft, Room};

fn app() -> Router {
    crate::app(ChannelLayer::new()).0
}

async fn join(app: &Router, room: &str, name: &str) -> Communicator<Room> {
    Communicator::builder(app, &format!("/ws/room/{room}"))
        .query("name", name)
        .connect()
        .await
}

/// Two members of one room, who have met.
async fn ann_and_ben(app: &Router) -> (Communicator<Room>, Communicator<Room>) {
    let mut ann = join(app, "lobby", "ann").await;
    let ben = join(app, "lobby", "ben").await;
    let _: MemberJoined = ann.receive().await;
    (ann, ben)
}

fn line(message: &str) -> Chat {
    let message = message.to_owned();
    Chat { message }
}

async fn announce(app: Router, room: &str, message: &str) -> StatusCode {
    let event = json!({ "room": room, "message": message });
    let request = Request::post("/announce")
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(event.to_string()))
        .unwrap();
    app.oneshot(request).await.unwrap().status()
}

#[tokio::test(start_paused = true)]
async fn a_line_reaches_everyone_in_the_room() {
    let (mut ann, mut ben) = ann_and_ben(&app()).await;

    ann.send(&line("hello")).await;

    for member in [&mut ann, &mut ben] {
        let shown: ChatNotification = member.receive().await;
        assert_eq!((&*shown.author, &*shown.message), ("ann", "hello"));
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_in_another_room_hears_a_line() {
    let app = app();
    let mut ann = join(&app, "lobby", "ann").await;
    let mut eve = join(&app, "attic", "eve").await;

    ann.send(&line("hello")).await;

    let _: ChatNotification = ann.receive().await;
    eve.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn a_line_is_marked_as_current_for_its_sender_alone() {
    let (mut ann, mut ben) = ann_and_ben(&app()).await;

    ann.send(&line("hello")).await;

    assert_eq!(ann.receive_json().await["is_current"], true);
    assert_eq!(ben.receive_json().await["is_current"], false);
}

#[tokio::test(start_paused = true)]
async fn the_others_are_told_who_comes_and_goes() {
    let app = app();
    let mut ann = join(&app, "lobby", "ann").await;

    let mut ben = join(&app, "lobby", "ben").await;
    assert_eq!(ann.receive::<MemberJoined>().await.name, "ben");
    ben.receive_nothing().await;

    ben.close(1000).await;
    assert_eq!(ann.receive::<MemberLeft>().await.name, "ben");
}

#[tokio::test(start_paused = true)]
async fn an_empty_line_is_refused() {
    let (mut ann, mut ben) = ann_and_ben(&app()).await;

    ann.send(&line("  ")).await;

    ann.expect_error("a line needs words").await;
    ben.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn a_name_has_a_length() {
    for name in ["", "  ", &"x".repeat(33)] {
        let stranger = Communicator::<Room>::builder(&app(), "/ws/room/lobby");

        let refused = stranger.query("name", name).connect_or_refused().await;

        let refused = refused.expect_err("nobody has such a name");
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(
            refused.detail().as_deref(),
            Some("a name has 1 to 32 characters")
        );
    }
    join(&app(), "lobby", &"é".repeat(32)).await;
}

#[tokio::test(start_paused = true)]
async fn a_ping_is_answered() {
    let mut ann = join(&app(), "lobby", "ann").await;
    let _: Pong = ann.request(&Ping).await;
}

#[tokio::test(start_paused = true)]
async fn an_announcement_reaches_its_room() {
    let app = app();
    let (mut ann, mut ben) = ann_and_ben(&app).await;
    let mut eve = join(&app, "attic", "eve").await;

    let status = announce(app, "lobby", "closing at six").await;

    assert_eq!(status, StatusCode::ACCEPTED);
    for member in [&mut ann, &mut ben] {
        let shown: Announcement = member.receive().await;
        assert_eq!(shown.message, "closing at six");
    }
    eve.receive_nothing().await;
}

#[tokio::test]
async fn an_announcement_is_one_event() {
    let capture = CaptureLayer::new();
    let (app, _) = crate::app(capture.layer());

    announce(app, "lobby", "closing at six").await;

    let event: Announced = capture.expect_event::<Room, _>("room.lobby");
    assert_eq!(event.message, "closing at six");
    capture.expect_nothing();
}

#[tokio::test(start_paused = true)]
async fn who_gives_no_name_is_a_guest() {
    let mut guest = Communicator::<Room>::connect(&app(), "/ws/room/lobby").await;

    guest.send_json(json!({"action": "ping"})).await;
    assert_eq!(
        guest.receive_json().await,
        json!({"action": "pong", "payload": null})
    );

    guest.send(&line("hello")).await;
    assert_eq!(guest.receive::<ChatNotification>().await.author, "guest");
}
