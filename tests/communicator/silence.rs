//! Assertions that nothing comes.

use chanx::{Ping, Pong};
use chanx_testing::{Communicator, Until};

use crate::room::{Chat, ChatNotification, Nap, Note, Room, app};

#[tokio::test(start_paused = true)]
async fn with_a_paused_clock_it_is_exact() {
    let app = app().router;
    let mut ana = Communicator::<Room>::connect(&app, "/ws/room/lobby?user=ana").await;
    let mut ben = Communicator::<Room>::connect(&app, "/ws/room/attic2?user=ben").await;

    // The handler waits for ever, so that the runtime has nothing left to do.
    ana.send(&Chat {
        message: "hello".to_owned(),
    })
    .await;
    ben.receive_nothing().await;
    ana.receive_nothing().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_client_caused_has_come_once_that_one_is_complete() {
    let app = app().router;
    let mut ana = Communicator::<Room>::connect(&app, "/ws/room/lobby?user=ana").await;
    let mut ben = Communicator::<Room>::connect(&app, "/ws/room/lobby?user=ben").await;

    ana.send(&Chat {
        message: "hello".to_owned(),
    })
    .await;
    ana.receive_all(Until::Complete).await;

    ben.receive::<ChatNotification>().await;
    ana.receive_nothing().await;
    ben.receive_nothing().await;
}

#[tokio::test]
async fn completions_are_nothing() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    ana.send(&Note).await;

    ana.receive_nothing().await;
    assert_eq!(ana.request::<Pong>(&Ping).await, Pong);
}

#[tokio::test(start_paused = true)]
async fn what_comes_later_is_not_now() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    ana.send(&Nap { millis: 1000 }).await;
    ana.receive_nothing().await;

    assert_eq!(ana.receive::<ChatNotification>().await.message, "awake");
}
