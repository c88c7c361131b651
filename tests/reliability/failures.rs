//! Consumers that fail and panic: the process goes on, and nothing is left.

use std::time::Duration;

use chanx::ChannelOptions;
use serde_json::json;
use tokio::time::Instant;

use crate::support::{Bomb, Server, raw, settle};

/// Asserts that the connection was closed, that nothing is left of it, and that the
/// next one works.
async fn assert_goes_on(server: &mut Server, what: &str) {
    server.notes.wait_for("dropped").await;
    settle().await;
    server.assert_empty();
    let mut next = server.connect().await;
    next.send("echo", json!({"text": "still here"})).await;
    assert_eq!(
        next.message().await["payload"]["text"],
        "still here",
        "{what}"
    );
    drop(next);
    server.notes.wait_for("dropped").await;
    settle().await;
    let (_, stats) = server.control.stats().channels[0];
    assert_eq!(stats.connections, 0, "{what}");
    assert!(
        stats.opened >= 1 && stats.frames_in >= 1,
        "{what}: {stats:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_a_handler_ends_its_connection() {
    let mut server = Server::new();
    for action in ["crash", "poison"] {
        let mut client = server.connect().await;
        client
            .send(
                action,
                if action == "poison" {
                    json!({"value": "x"})
                } else {
                    json!(null)
                },
            )
            .await;

        let detail = format!("Failed to process message for {action}");
        assert_eq!(client.message().await["payload"]["detail"], detail);
        assert_eq!(client.closed().await, 1011);
        server.notes.wait_for("disconnected 1011").await;
        assert_goes_on(&mut server, action).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_an_event_handler_ends_its_connection() {
    let mut server = Server::new();
    for copied in [false, true] {
        let mut client = server.connect().await;
        server.notes.wait_for("connected").await;
        // Two recipients make the event be copied.
        let mut other = server.connect().await;
        server.notes.wait_for("connected").await;
        server.lab.event(Bomb { copied }).await.unwrap();

        assert_eq!(client.closed().await, 1011);
        let _ = other.closed().await;
        server.notes.wait_for("dropped").await;
        assert_goes_on(&mut server, "event").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_consumer_that_cannot_begin_is_closed() {
    for (mode, detail) in [
        ("panic-connected", "Failed to process message for connected"),
        ("fail-connected", "not today"),
    ] {
        let mut server = Server::new();
        let mut client = server.connect_in(mode).await;

        assert_eq!(client.message().await["payload"]["detail"], detail);
        assert_eq!(client.closed().await, 1011);
        server.notes.wait_for("disconnected 1011").await;
        assert_goes_on(&mut server, mode).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_hook_at_the_end_that_fails_does_not_stop_the_clean_up() {
    for mode in [
        "panic-disconnected",
        "late-panic-disconnected",
        "fail-disconnected",
        "hang-disconnected",
    ] {
        let mut server = Server::new();
        let client = server.connect_in(mode).await;
        drop(client);

        server.notes.wait_for("disconnected 1006").await;
        assert_goes_on(&mut server, mode).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_before_the_upgrade_leaves_nothing_behind() {
    for mode in ["panic-connect", "panic-identity"] {
        let mut server = Server::configured(|channels| channels.max_connections(1));
        let refused = raw(server.pipe(), mode).await;

        assert!(!refused.head.contains("101"), "{mode}");
        assert_goes_on(&mut server, mode).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_over_an_error_ends_its_connection() {
    let mut server = Server::new();
    for action in ["fail", "crash", "nobody takes this"] {
        let mut client = server.connect_in("panic-render_error").await;
        client.send(action, json!(null)).await;

        assert_eq!(client.closed().await, 1011);
        server.notes.wait_for("disconnected 1011").await;
        assert_goes_on(&mut server, action).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_never_returns_is_cancelled_some_time_after_its_client_left() {
    let mut server = Server::new();
    let mut client = server.connect().await;
    client.send("hang", json!(null)).await;
    server.notes.wait_for("hanging").await;

    drop(client);

    assert_eq!(server.notes.next().await, "cancelled");
    assert_eq!(server.notes.next().await, "disconnected 1006");
    assert_goes_on(&mut server, "hang").await;
}

#[tokio::test(start_paused = true)]
async fn a_consumer_that_never_begins_is_cancelled_some_time_after_its_client_left() {
    let mut server = Server::new();
    let client = server.connect_in("hang-connected").await;
    server.notes.wait_for("connected").await;

    drop(client);

    assert_eq!(server.notes.next().await, "disconnected 1006");
    assert_goes_on(&mut server, "hang-connected").await;
}

#[tokio::test(start_paused = true)]
async fn times_without_end_are_taken_as_such() {
    let options = ChannelOptions::default()
        .ping_interval(Duration::MAX)
        .ping_timeout(Duration::MAX)
        .idle_timeout(Duration::MAX)
        .close_timeout(Duration::MAX)
        .disconnect_timeout(Duration::MAX)
        .handshake_timeout(Duration::MAX);
    let mut server = Server::with(options);
    let mut client = server.connect().await;

    client.send("echo", json!({"text": "patience"})).await;

    assert_eq!(client.message().await["payload"]["text"], "patience");
    drop(client);
    assert_goes_on(&mut server, "times").await;
}

#[tokio::test(start_paused = true)]
async fn a_lost_connection_gives_its_socket_up_while_its_last_hook_hangs() {
    let second = Duration::from_secs(1);
    let options = ChannelOptions::default();
    let mut server = Server::with(options.ping_interval(second).ping_timeout(second));
    let mut silent = raw(server.pipe(), "hang-disconnected").await;
    server.notes.wait_for("disconnected 1006").await;
    let lost = Instant::now();

    // Pings, and nothing behind them.
    while silent.read().await.is_some() {}

    assert!(lost.elapsed() < second, "after {:?}", lost.elapsed());
}
