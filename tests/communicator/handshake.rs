//! The request that opens a connection, and its refusal.

use std::{net::SocketAddr, time::Duration};

use axum::{
    Router,
    extract::Request,
    http::StatusCode,
    middleware::{self, Next},
};
use chanx::{Ping, Pong};
use chanx_testing::Communicator;
use tokio::time::Instant;

use crate::room::{Room, Visitor, Whoami, app};

#[tokio::test]
async fn the_request_carries_what_the_test_says() {
    let app = app().router;
    let mut ana = Communicator::<Room>::builder(&app, "/ws/room/lobby?hush=1")
        .query("user", "ana & ben")
        .bearer("sesame")
        .cookie("session", "s1")
        .cookie("theme", "dark")
        .subprotocol("chat.v1")
        .subprotocol("chat.v2")
        .peer(([192, 0, 2, 7], 1234))
        .connect()
        .await;

    let visitor: Visitor = ana.request(&Whoami).await;

    assert_eq!(visitor.user, "ana & ben");
    assert_eq!(visitor.token.as_deref(), Some("Bearer sesame"));
    assert_eq!(visitor.cookie.as_deref(), Some("session=s1; theme=dark"));
    assert_eq!(visitor.subprotocol.as_deref(), Some("chat.v1, chat.v2"));
    assert_eq!(visitor.peer, "192.0.2.7:1234");
    assert_eq!(ana.subprotocol(), Some("chat.v2"));
}

#[tokio::test]
async fn a_header_takes_the_place_of_another() {
    let app = app().router;
    let mut ana = Communicator::<Room>::builder(&app, "/ws/room/lobby?user=ana")
        .header("authorization", "one")
        .header("Authorization", "two")
        .connect()
        .await;

    let visitor: Visitor = ana.request(&Whoami).await;

    assert_eq!(visitor.token.as_deref(), Some("two"));
    let peer: SocketAddr = visitor.peer.parse().unwrap();
    assert!(peer.ip().is_loopback());
    assert_eq!(ana.headers()["upgrade"], "websocket");
}

#[tokio::test]
async fn a_refusal_is_the_response() {
    let app = app().router;

    let nobody = Communicator::<Room>::builder(&app, "/ws/room/lobby");
    let refused = nobody.connect_or_refused().await.unwrap_err();
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refused.text(), "who are you?");
    assert_eq!(refused.detail(), None);

    let attic = Communicator::<Room>::builder(&app, "/ws/room/attic?user=ana");
    let refused = attic.connect_or_refused().await.unwrap_err();
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.detail().as_deref(), Some("nobody goes there"));
    assert_eq!(refused.headers["content-type"], "application/json");

    let nowhere = Communicator::<Room>::builder(&app, "/ws/nowhere");
    let refused = nowhere.connect_or_refused().await.unwrap_err();
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert_eq!(
        refused.to_string(),
        "the handshake was refused with 404 Not Found"
    );
}

#[tokio::test]
async fn the_origin_is_checked() {
    let app = app().router;
    let page = |origin| {
        Communicator::<Room>::builder(&app, "/ws/room/lobby?user=ana").header("origin", origin)
    };

    page("http://localhost").connect().await;

    let refused = page("http://elsewhere.example")
        .connect_or_refused()
        .await
        .unwrap_err();
    assert_eq!(refused.detail().as_deref(), Some("origin not allowed"));
}

#[tokio::test]
async fn middleware_has_its_say() {
    let locked: Router = app()
        .router
        .layer(middleware::from_fn(|_: Request, _: Next| async {
            (StatusCode::SERVICE_UNAVAILABLE, "closed for the night")
        }));

    let ana = Communicator::<Room>::builder(&locked, "/ws/room/lobby?user=ana");
    let refused = ana.connect_or_refused().await.unwrap_err();

    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.text(), "closed for the night");
}

#[tokio::test(start_paused = true)]
async fn connected_has_returned() {
    let app = app().router;
    let began = Instant::now();

    Communicator::<Room>::connect(&app, "/ws/room/hall?user=ana").await;

    assert_eq!(began.elapsed(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn an_early_client_is_there_before_connected_has_returned() {
    let app = app().router;
    let began = Instant::now();
    let mut ana = Communicator::<Room>::builder(&app, "/ws/room/hall?user=ana")
        .without_waiting_for_connected()
        .connect()
        .await;
    assert_eq!(began.elapsed(), Duration::ZERO);

    ana.send(&Ping).await;

    ana.receive_nothing().await;
    ana.receive::<Pong>().await;
    assert_eq!(began.elapsed(), Duration::from_secs(3));
}

#[tokio::test]
async fn where_connected_fails_the_client_sees_why() {
    let app = app().router;
    let mut ana = Communicator::<Room>::connect(&app, "/ws/room/cellar?user=ana").await;

    ana.expect_error("it is dark").await;

    assert_eq!(ana.closed().await.code, 1011);
}
