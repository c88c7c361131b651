//! Publications of an application, without a socket.

use axum::{body::Body, http::Request};
use chanx::{ChannelOptions, Event, layer::Target};
use chanx_testing::{CaptureLayer, Communicator};
use serde::{Deserialize, Serialize};
use tower::ServiceExt;

use crate::room::{App, Chat, ChatNotification, PaymentCompleted, PaymentNotice, Room, app_with};

fn app(capture: &CaptureLayer) -> App {
    app_with(capture.layer(), ChannelOptions::default())
}

async fn pay(app: &App, amount: &'static str) {
    let request = Request::post("/pay").body(Body::from(amount)).unwrap();
    app.router.clone().oneshot(request).await.unwrap();
}

#[tokio::test]
async fn an_http_handlers_event_is_captured() {
    let capture = CaptureLayer::new();
    let app = app(&capture);

    pay(&app, "5").await;

    let event: PaymentCompleted = capture.expect_event::<Room, _>("lobby");
    assert_eq!(event.amount, 5);
    capture.expect_nothing();
}

#[tokio::test]
async fn what_is_captured_is_passed_on() {
    let capture = CaptureLayer::new();
    let app = app(&capture);
    let mut ana = Communicator::<Room>::connect(&app.router, "/ws/room/lobby?user=ana").await;

    pay(&app, "5").await;

    assert_eq!(ana.receive::<PaymentNotice>().await.amount, 5);
}

#[tokio::test(start_paused = true)]
async fn what_is_swallowed_reaches_nobody() {
    let capture = CaptureLayer::swallowing();
    let app = app(&capture);
    let mut ana = Communicator::<Room>::connect(&app.router, "/ws/room/lobby?user=ana").await;

    pay(&app, "5").await;

    ana.receive_nothing().await;
    assert_eq!(capture.take().len(), 1);
}

#[tokio::test]
async fn messages_are_captured_with_where_they_go() {
    let capture = CaptureLayer::new();
    let app = app(&capture);
    let mut ana = Communicator::<Room>::connect(&app.router, "/ws/room/lobby?user=ana").await;

    ana.send(&Chat {
        message: "hello".to_owned(),
    })
    .await;
    ana.receive_all(chanx_testing::Until::Complete).await;
    let [published] = capture.take().try_into().unwrap();

    assert_eq!(published.channel(), "room");
    assert_eq!(published.groups(), ["lobby"]);
    assert_eq!(published.action(), "chat_notification");
    assert_eq!(published.payload()["message"], "hello");
    assert!(published.excludes_current());
    assert!(published.event::<PaymentCompleted>().is_none());
    let message: ChatNotification = published.message().unwrap();
    assert_eq!(message.author, "ana");
}

#[tokio::test]
async fn closes_and_users_are_captured_too() {
    let capture = CaptureLayer::new();
    let app = app(&capture);

    app.room.user("ana").close(4001, "enough").await.unwrap();
    let message = ChatNotification {
        author: "ana".to_owned(),
        message: "bye".to_owned(),
    };
    app.room
        .broadcast(message.clone())
        .to("lobby")
        .await
        .unwrap();

    assert_eq!(
        capture.expect_message::<Room, ChatNotification>("lobby"),
        message
    );
    let [close] = capture.take().try_into().unwrap();
    assert!(matches!(close.target(), Target::User(user) if user.as_str() == "ana"));
    assert_eq!(
        close.to_string(),
        "close 4001 \"enough\" to user `ana` of channel `room`"
    );
}

#[tokio::test]
#[should_panic(
    expected = "expected the event `payment_completed` to group `attic` of channel `room`

published have been
  event `payment_completed` to `lobby` of channel `room`: {\"amount\":5}
"
)]
async fn a_missing_event_fails_with_what_there_was() {
    let capture = CaptureLayer::new();
    let app = app(&capture);

    pay(&app, "5").await;

    capture.expect_event::<Room, PaymentCompleted>("attic");
}

#[test]
#[should_panic(
    expected = "expected the event `audited` to group `lobby` of channel `room`

nothing has been published"
)]
fn an_event_that_nobody_handles_is_missing() {
    #[derive(Clone, Serialize, Deserialize, Event)]
    struct Audited;

    let capture = CaptureLayer::new();

    capture.expect_event::<Room, Audited>("lobby");
}

#[tokio::test]
#[should_panic(expected = "expected nothing to be published

published have been
  event `payment_completed` to `lobby`")]
async fn something_left_fails() {
    let capture = CaptureLayer::new();
    let app = app(&capture);

    pay(&app, "5").await;

    capture.expect_nothing();
}
