//! The end of a connection, from either side.

use chanx::{ChannelLayer, Channels, Connect, Consumer, Disconnect, channel};
use chanx_testing::Communicator;

use crate::room::{Crash, Evict, Room, app};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_close_the_consumer_has_been_told_and_its_groups_left() {
    for _ in 0..20 {
        let app = app();
        let ana = Communicator::<Room>::connect(&app.router, "/ws/room/lobby?user=ana").await;

        ana.close(1000).await;

        let why = Disconnect::Client {
            code: 1000,
            reason: String::new(),
        };
        assert_eq!(*app.journal.lock().unwrap(), [("ana".to_owned(), why)]);
        assert_eq!(app.layer.stats(), chanx::layer::LayerStats::default());
    }
}

#[derive(Default, Connect, Consumer)]
struct Seat;

#[channel(name = "seat")]
impl Seat {}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_close_the_place_is_free() {
    let app = Channels::new(ChannelLayer::new())
        .max_connections(1)
        .route::<Seat>("/seat")
        .into_router();

    for _ in 0..100 {
        let ana = Communicator::<Seat>::connect(&app, "/seat").await;
        ana.close(1000).await;
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_disconnects() {
    let app = app();
    let ana = Communicator::<Room>::connect(&app.router, "/ws/room/lobby?user=ana").await;
    let mut ben = Communicator::<Room>::connect(&app.router, "/ws/room/lobby?user=ben").await;

    drop(ana);
    ben.receive_nothing().await;

    let gone = [("ana".to_owned(), Disconnect::Lost)];
    assert_eq!(*app.journal.lock().unwrap(), gone);
    assert_eq!(app.layer.stats().connections, 1);
}

#[tokio::test]
async fn the_server_closes_with_code_and_reason() {
    let app = app();
    let mut ana = Communicator::<Room>::connect(&app.router, "/ws/room/lobby?user=ana").await;

    ana.send(&Evict {
        code: 4001,
        reason: "enough".to_owned(),
    })
    .await;

    let closed = ana.closed().await;
    assert_eq!((closed.code, closed.reason.as_str()), (4001, "enough"));
    assert_eq!(app.journal.lock().unwrap().len(), 1);
    // Once closed, it stays closed.
    assert_eq!(ana.closed().await.code, 4001);
    ana.close(1000).await;
}

#[tokio::test]
async fn a_panic_is_an_error_and_a_close() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    ana.send(&Crash).await;

    ana.expect_error("Failed to process message for crash")
        .await;
    assert_eq!(ana.closed().await.code, 1011);
}
