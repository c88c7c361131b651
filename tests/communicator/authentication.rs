//! Channels that tell the outcome of the handshake after the upgrade.

use chanx::{AuthenticationFrames, ChannelLayer, ChannelOptions, Ping, Pong};
use chanx_testing::Communicator;

use crate::room::{App, Room, app_with};

fn app(frames: AuthenticationFrames) -> App {
    let options = ChannelOptions::default().authentication_frames(frames);
    app_with(ChannelLayer::new(), options)
}

#[tokio::test]
async fn success_is_told() {
    let app = app(AuthenticationFrames::Always).router;
    let mut ana = Communicator::<Room>::connect(&app, "/ws/room/lobby?user=ana").await;

    ana.expect_authenticated().await;

    assert_eq!(ana.request::<Pong>(&Ping).await, Pong);
}

#[tokio::test]
async fn a_refusal_is_told_and_closes() {
    let app = app(AuthenticationFrames::Always).router;
    let mut ana = Communicator::<Room>::connect(&app, "/ws/room/attic?user=ana").await;

    let refusal = ana.expect_refused(403).await;

    assert_eq!(refusal.payload()["data"]["detail"], "nobody goes there");
}
