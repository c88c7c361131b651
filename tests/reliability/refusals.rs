//! What an operator reads of a handshake that is refused.

use std::net::IpAddr;

use axum::Router;
use chanx::{Bearer, ChannelLayer, Channels, Connect, Consumer, Rejection, channel};
use chanx_testing::{Builder, Communicator};
use tracing::Level;

use crate::logging::Captured;

/// A channel that lets nobody in.
#[derive(Debug, Consumer)]
struct Vault;

impl Connect for Vault {
    type Handshake = Bearer;

    async fn connect(_: Bearer) -> Result<Self, Rejection> {
        Err(Rejection::forbidden("not today"))
    }
}

#[channel(name = "vault")]
impl Vault {}

fn door() -> Builder<Vault> {
    let channels: Channels = Channels::new(ChannelLayer::new()).route::<Vault>("/vault");
    let peer = (IpAddr::from([192, 0, 2, 7]), 1234);
    Communicator::builder(&Router::from(channels), "/vault?token=secret").peer(peer)
}

#[tokio::test(start_paused = true)]
async fn a_page_of_another_origin_is_told_with_the_line_that_lets_it_in() {
    let (captured, _guard) = Captured::begin();

    let page = door().header("origin", "http://localhost:5173");
    page.connect_or_refused().await.unwrap_err();

    let lines = captured.lines(Level::WARN);
    let [line] = lines.as_slice() else {
        panic!("one line is logged: {lines:?}");
    };
    for part in [
        "refused a page of another origin",
        r#"write `.allowed_origins(["http://localhost:5173"])`"#,
        "path=\"/vault\"",
        "origin=http://localhost:5173",
        "host=localhost",
    ] {
        assert!(line.contains(part), "{part} is not in: {line}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_no_entry_lets_in_is_told_without_a_line_to_write() {
    let (captured, _guard) = Captured::begin();

    door()
        .header("origin", "nonsense of a client")
        .connect_or_refused()
        .await
        .unwrap_err();

    let lines = captured.lines(Level::WARN);
    let [line] = lines.as_slice() else {
        panic!("one line is logged: {lines:?}");
    };
    assert!(line.contains("refused a page of another origin"), "{line}");
    assert!(!line.contains("allowed_origins"), "{line}");
}

#[tokio::test(start_paused = true)]
async fn a_refused_handshake_is_told_with_who_why_and_where() {
    let (captured, _guard) = Captured::begin();

    door()
        .bearer("guess")
        .connect_or_refused()
        .await
        .unwrap_err();

    assert!(captured.lines(Level::INFO).is_empty());
    let lines = captured.lines(Level::DEBUG);
    let line = lines
        .iter()
        .find(|line| line.contains("refused a handshake"))
        .unwrap();
    for part in [
        "path=\"/vault\"",
        "peer=192.0.2.7:1234",
        "status=403",
        "not today",
    ] {
        assert!(line.contains(part), "{part} is not in: {line}");
    }
    assert!(
        !line.contains("secret") && !line.contains("guess"),
        "{line}"
    );
}
