//! Failures where there is no connection.

use std::time::Duration;

use axum::{
    extract::Request,
    http::StatusCode,
    middleware::{self, Next},
};
use tokio::net::TcpListener;

use super::{Client, failure, starts_at};
use crate::room::app;

#[tokio::test]
async fn a_refusal_fails_with_status_and_body() {
    let app = app().router;
    let line = line!() + 2;
    let text = failure(async move {
        Client::connect(&app, "/ws/room/lobby").await;
    })
    .await;

    assert!(starts_at(&text, file!(), line), "{text}");
    let told = "the handshake was refused with 401 Unauthorized: who are you?";
    assert!(text.ends_with(told), "{text}");
}

#[tokio::test]
async fn an_application_that_panics_in_the_handshake_is_told_apart() {
    async fn broken(_: Request, _: Next) -> StatusCode {
        panic!("on purpose")
    }
    let app = app().router.layer(middleware::from_fn(broken));
    let line = line!() + 2;
    let text = failure(async move {
        Client::connect(&app, "/ws/room/lobby?user=ana").await;
    })
    .await;

    assert!(starts_at(&text, file!(), line), "{text}");
    assert!(
        text.contains("a middleware or an extractor panics"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_connected_that_does_not_return_is_told() {
    let app = app().router;
    let line = line!() + 4;
    let text = failure(async move {
        Client::builder(&app, "/ws/room/hall?user=ana")
            .timeout(Duration::from_secs(1))
            .connect()
            .await;
    })
    .await;

    assert!(starts_at(&text, file!(), line), "{text}");
    assert!(
        text.contains("`connected` has not returned for 1s"),
        "{text}"
    );
}

#[tokio::test]
async fn nobody_at_an_address_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);

    let text = failure(async move {
        Client::connect_at(&format!("ws://{address}/ws")).await;
    })
    .await;

    assert!(
        text.contains(&format!("nobody answers at {address}")),
        "{text}"
    );
}

#[test]
#[should_panic(expected = "`ws/room` is not a path: it starts with `/`")]
fn a_path_starts_with_a_slash() {
    let _ = Client::builder(&app().router, "ws/room");
}

#[test]
#[should_panic(expected = "`127.0.0.1:8000/ws` is not an address")]
fn an_address_has_a_scheme() {
    let _ = Client::builder_at("127.0.0.1:8000/ws");
}
