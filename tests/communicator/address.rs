//! The same client, at a real address.

use axum::Router;
use chanx::{ChannelLayer, ChannelOptions, Ping, Pong};
use chanx_testing::{Communicator, Until};
use std::net::SocketAddr;
use tokio::net::TcpListener;

use crate::room::{Note, Recite, Room, Visitor, Whoami, app, app_with};

pub(crate) async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

#[tokio::test]
async fn a_running_server_is_reached_by_its_address() {
    let address = serve(app().router).await;
    let url = format!("ws://{address}/ws/room/lobby");
    let mut ana = Communicator::<Room>::builder_at(&url)
        .query("user", "ana")
        .bearer("sesame")
        .connect()
        .await;

    let visitor: Visitor = ana.request(&Whoami).await;

    assert_eq!(visitor.token.as_deref(), Some("Bearer sesame"));
    ana.send(&Note).await;
    ana.receive_nothing().await;
    ana.close(1000).await;
}

#[tokio::test]
async fn its_refusals_are_responses_too() {
    let address = serve(app().router).await;

    let nobody = Communicator::<Room>::builder_at(&format!("ws://{address}/ws/room/lobby"));
    let refused = nobody.connect_or_refused().await.unwrap_err();

    assert_eq!(refused.text(), "who are you?");
}

#[tokio::test]
async fn its_options_decide_on_completion_frames() {
    let options = ChannelOptions::default().completion_frames(true);
    let app = app_with(ChannelLayer::new(), options).router;
    let address = serve(app).await;
    let url = format!("ws://{address}/ws/room/lobby?user=ana");
    let mut ana = Communicator::<Room>::connect_at(&url).await;

    ana.send(&Recite { lines: 2 }).await;

    assert_eq!(ana.receive_all(Until::Complete).await.len(), 2);
    assert_eq!(ana.request::<Pong>(&Ping).await, Pong);
}
