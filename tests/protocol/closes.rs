//! P19: the close codes, and when each is sent.

use std::time::Duration;

use chanx::{ChannelOptions, RateLimit};
use chanx_testing::{Communicator, Frame, Until};

use crate::{
    desk::{Announce, Crash, Desk, Dismiss, Hello, channels, client, client_with},
    room::House,
};

#[tokio::test(start_paused = true)]
async fn p19_a_client_that_is_done_is_closed_with_1000() {
    let mut client =
        client_with(ChannelOptions::default().idle_timeout(Duration::from_secs(30))).await;

    assert_eq!(client.closed().await.code, 1000);
}

#[tokio::test(start_paused = true)]
async fn p19_a_server_that_goes_away_closes_with_1001() {
    let channels = channels(ChannelOptions::default());
    let control = channels.control();
    let mut client = Communicator::<Desk>::connect(&channels.into(), "/desk").await;

    let shutdown = tokio::spawn(async move { control.shutdown().await });

    assert_eq!(client.closed().await.code, 1001);
    assert_eq!(shutdown.await.unwrap().closed, 1);
}

#[tokio::test(start_paused = true)]
async fn p19_text_that_is_not_utf_8_is_closed_with_1007() {
    let mut client = client().await;

    let text = Frame::Fragment {
        bytes: vec![0xFF, 0xFE].into(),
        is_first: true,
        is_last: true,
    };
    client.send_frame(text).await;

    assert_eq!(client.closed().await.code, 1007);
}

#[tokio::test(start_paused = true)]
async fn p19_a_client_above_its_rate_is_closed_with_1008() {
    let limit = RateLimit::per_second(1);
    let mut client = client_with(ChannelOptions::default().rate_limit(limit)).await;

    for _ in 0..5 {
        client.send(&Hello).await;
        client.send(&Hello).await;
        tokio::time::advance(Duration::from_millis(400)).await;
    }

    client.receive_all(Until::Closed).await;
    assert_eq!(client.closed().await.code, 1008);
}

#[tokio::test(start_paused = true)]
async fn p19_a_message_that_is_too_big_is_closed_with_1009() {
    let mut client = client_with(ChannelOptions::default().max_message_size(100)).await;

    client.send_text("x".repeat(101)).await;

    assert_eq!(client.closed().await.code, 1009);
}

#[tokio::test(start_paused = true)]
async fn p19_a_handler_that_panics_is_answered_and_closed_with_1011() {
    let mut client = client().await;

    client.send(&Crash).await;

    client
        .expect_error("Failed to process message for crash")
        .await;
    assert_eq!(client.closed().await.code, 1011);
}

#[tokio::test(start_paused = true)]
async fn p19_a_connection_whose_connected_fails_is_told_and_closed_with_1011() {
    let mut client = House::new().door("unwelcome").connect().await;

    client.expect_error("not today").await;

    assert_eq!(client.closed().await.code, 1011);
}

#[tokio::test(start_paused = true)]
async fn p19_a_client_that_is_too_slow_is_closed_with_1013() {
    let mut client = client_with(ChannelOptions::default().outbox_frames(2)).await;

    client.send(&Announce { text: "x".into() }).await;

    client.receive_all(Until::Closed).await;
    assert_eq!(client.closed().await.code, 1013);
}

#[tokio::test(start_paused = true)]
async fn p19_an_application_closes_with_a_code_of_its_own() {
    let mut client = client().await;

    client.send(&Dismiss { code: 4321 }).await;

    let closed = client.closed().await;
    assert_eq!((closed.code, closed.reason.as_str()), (4321, "dismissed"));
}

#[tokio::test(start_paused = true)]
async fn p19_a_code_that_may_be_sent_is_sent() {
    for code in [1000, 1003, 1007, 1013, 3000, 4000, 4999] {
        let mut client = client().await;

        client.send(&Dismiss { code }).await;

        assert_eq!(client.closed().await.code, code);
    }
}

#[tokio::test(start_paused = true)]
async fn p19_a_code_that_may_not_be_sent_is_1011_to_the_client() {
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, u16::MAX] {
        let mut client = client().await;

        client.send(&Dismiss { code }).await;

        let closed = client.closed().await;
        assert_eq!(
            (closed.code, &*closed.reason),
            (1011, "dismissed"),
            "{code}"
        );
    }
}
