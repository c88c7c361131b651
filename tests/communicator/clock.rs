//! Waiting, on tokio's clock.

use std::time::Duration;

use chanx::{ChannelOptions, Ping, Pong};
use chanx_testing::Communicator;
use tokio::time::Instant;

use crate::room::{ChatNotification, Nap, Room, app, app_with};

#[tokio::test(start_paused = true)]
async fn a_paused_clock_does_not_run_ahead_of_bytes() {
    let began = Instant::now();
    let app = app().router;

    for _ in 0..50 {
        let mut ana = Communicator::<Room>::connect(&app, "/ws/room/lobby?user=ana").await;
        for _ in 0..20 {
            assert_eq!(ana.request::<Pong>(&Ping).await, Pong);
        }
        ana.close(1000).await;
    }

    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_sleep() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;
    let began = Instant::now();

    ana.send(&Nap { millis: 3000 }).await;

    assert_eq!(ana.receive::<ChatNotification>().await.message, "awake");
    assert_eq!(began.elapsed(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn patience_is_the_tests_choice() {
    let app = app().router;
    let mut ana = Communicator::<Room>::builder(&app, "/ws/room/lobby?user=ana")
        .timeout(Duration::from_secs(60))
        .connect()
        .await;

    ana.send(&Nap { millis: 50_000 }).await;

    assert_eq!(ana.receive::<ChatNotification>().await.message, "awake");
}

#[tokio::test(start_paused = true)]
async fn the_servers_own_time_outs_take_no_time() {
    let options = ChannelOptions::default().idle_timeout(Duration::from_secs(3));
    let app = app_with(chanx::ChannelLayer::new(), options).router;
    let mut ana = Communicator::<Room>::connect(&app, "/ws/room/lobby?user=ana").await;

    let closed = ana.closed().await;

    assert_eq!((closed.code, closed.reason.as_str()), (1000, "idle"));
}
