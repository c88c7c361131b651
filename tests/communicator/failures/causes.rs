//! The cause in the server, which a test is told and a client is not.

use chanx::Pong;
use chanx_testing::Until;

use super::{Client, connect, failure};
use crate::room::{Break, ChatNotification, Crash, Fail, Lost, app};

const TITLE: &str = "what failed in the server:\n";

#[tokio::test(start_paused = true)]
async fn the_cause_of_a_neutral_error_is_told() {
    let mut ana = connect().await;
    ana.send(&Break).await;

    let text = failure(async move {
        ana.receive::<Pong>().await;
    })
    .await;

    assert!(text.contains("Failed to process message"), "{text}");
    let cause = "  /ws/room/lobby: handler of `break` failed: no space left on the disk\n\n";
    assert!(text.contains(&format!("{TITLE}{cause}")), "{text}");
}

#[tokio::test(start_paused = true)]
async fn the_cause_is_told_where_an_error_was_expected() {
    let mut ana = connect().await;
    ana.send(&Break).await;

    let text = failure(async move {
        ana.expect_error("room_full").await;
    })
    .await;

    assert!(text.contains("no space left on the disk"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn the_cause_is_told_where_the_connection_closes() {
    let mut ana = connect().await;
    ana.send(&Crash).await;

    let text = failure(async move {
        ana.receive_all(Until::Count(2)).await;
    })
    .await;

    assert!(
        text.contains(&format!("{TITLE}  /ws/room/lobby: `crash` panicked\n")),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_client_that_waits_in_vain_is_told_what_failed_for_another() {
    let app = app();
    let mut ana = Client::connect(&app.router, "/ws/room/lobby?user=ana").await;
    let mut ben = Client::connect(&app.router, "/ws/room/kitchen?user=ben").await;
    ben.send(&Break).await;

    let text = failure(async move {
        ana.receive::<ChatNotification>().await;
    })
    .await;

    let cause = "/ws/room/kitchen: handler of `break` failed: no space left on the disk";
    assert!(text.contains(cause), "{text}");
}

#[tokio::test(start_paused = true)]
async fn an_event_that_is_not_handled_is_told() {
    let app = app();
    let mut ana = Client::connect(&app.router, "/ws/room/lobby?user=ana").await;
    app.room.event(Lost).to("lobby").await.unwrap();

    let text = failure(async move {
        ana.receive::<Pong>().await;
    })
    .await;

    assert!(
        text.contains("handler of event `lost` failed: where is it?"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_fails_is_told() {
    let app = app();
    let mut ana = Client::connect(&app.router, "/ws/room/loft?user=ana").await;
    let ben = Client::connect(&app.router, "/ws/room/porch?user=ben").await;
    ben.close(1000).await;

    let text = failure(async move {
        ana.receive::<Pong>().await;
    })
    .await;

    assert!(
        text.contains("/ws/room/loft: `connected` failed: no ladder"),
        "{text}"
    );
    assert!(
        text.contains("/ws/room/porch: `disconnected` failed: the door is stuck"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_mistake_that_the_client_reads_is_not_told_twice() {
    let mut ana = connect().await;
    ana.send(&Fail).await;

    let text = failure(async move {
        ana.receive::<Pong>().await;
    })
    .await;

    assert!(!text.contains(TITLE), "{text}");
}
