//! Frames below messages.

use chanx::{Ping, Pong};
use chanx_testing::{Communicator, Frame};

use crate::room::{Room, app};

#[tokio::test]
async fn a_ping_frame_is_answered() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    ana.send_frame(Frame::Ping("there?".into())).await;

    assert_eq!(ana.receive_frame().await, Frame::Pong("there?".into()));
}

#[tokio::test]
async fn a_message_may_come_in_fragments() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;
    let fragment = |text: &'static str, is_first| Frame::Fragment {
        bytes: text.into(),
        is_first,
        is_last: !is_first,
    };

    ana.send_frame(fragment(r#"{"action":"#, true)).await;
    ana.send_frame(Frame::Ping("in between".into())).await;
    ana.send_frame(fragment(r#""ping"}"#, false)).await;

    assert_eq!(ana.receive::<Pong>().await, Pong);
    ana.receive_nothing().await;
}

#[tokio::test]
async fn a_binary_frame_is_refused() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    ana.send_binary(vec![1, 2, 3]).await;

    ana.expect_error("json_invalid").await;
}

#[tokio::test]
async fn completion_frames_are_seen_as_frames_only() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    ana.send(&Ping).await;

    let pong = r#"{"action":"pong","payload":null}"#;
    let complete = r#"{"action":"complete","payload":null}"#;
    assert_eq!(ana.receive_frame().await, Frame::text(pong));
    assert_eq!(ana.receive_frame().await, Frame::text(complete));
}

#[tokio::test]
async fn text_that_is_not_utf8_closes() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;
    let text = Frame::Fragment {
        bytes: vec![0xff].into(),
        is_first: true,
        is_last: true,
    };

    ana.send_frame(text).await;

    assert_eq!(ana.closed().await.code, 1007);
}
