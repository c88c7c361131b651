//! Clients that break the protocol, and connections that never come to be.

use std::time::Duration;

use axum::{body::Body, http::StatusCode, response::Response};
use chanx::ChannelOptions;
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};

use crate::support::{Server, frame, masked, raw, raw_at_once, settle};

const TEXT: u8 = 0x81;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;

fn echo(text: &str) -> Vec<u8> {
    let message = json!({"action": "echo", "payload": {"text": text}});
    message.to_string().into_bytes()
}

#[tokio::test(start_paused = true)]
async fn pings_whose_answers_nobody_reads_do_not_pile_up() {
    let server = Server::new();
    let mut client = server.raw().await;
    let flood = masked(PING, &[0; 125]).repeat(64 * 1024);

    let written = timeout(Duration::from_secs(1), client.io.write_all(&flood)).await;

    assert!(written.is_err(), "eight megabytes of pings were taken");
}

#[tokio::test(start_paused = true)]
async fn one_that_floods_with_pings_and_then_reads_is_answered() {
    let server = Server::new();
    let client = server.raw().await;
    let (mut read, mut write) = tokio::io::split(client.io);
    let flood = masked(PING, &[0; 125]).repeat(10_000);
    tokio::spawn(async move {
        write.write_all(&flood).await.unwrap();
        write.write_all(&masked(TEXT, &echo("done"))).await.unwrap();
        write
    });
    settle().await;

    let mut seen: Vec<u8> = Vec::new();
    while !seen.windows(4).any(|window| window == b"done") {
        use tokio::io::AsyncReadExt;

        let mut buffer = [0; 4096];
        let read = timeout(Duration::from_secs(5), read.read(&mut buffer)).await;
        seen.extend(&buffer[..read.expect("it is answered").unwrap()]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_ping_between_fragments_is_answered_and_disturbs_nothing() {
    let server = Server::new();
    let mut client = server.raw().await;
    let message = echo("in pieces");
    let (first, rest) = message.split_at(10);
    let (second, third) = rest.split_at(10);

    client.write(&masked(0x01, first)).await;
    client.write(&masked(PING, b"now")).await;
    client.write(&masked(0x00, second)).await;
    client.write(&masked(0x00, b"")).await;
    client.write(&masked(0x80, third)).await;

    assert_eq!(client.read().await, Some((10, b"now".to_vec())));
    let (opcode, answer) = client.read().await.unwrap();
    assert_eq!(opcode, 1);
    assert!(String::from_utf8(answer).unwrap().contains("in pieces"));
}

#[tokio::test]
async fn what_comes_along_with_the_handshake_is_not_lost() {
    let server = Server::new();
    let address = server.listen().await;
    let stream = TcpStream::connect(address).await.unwrap();
    let first = [masked(TEXT, &echo("one")), masked(TEXT, &echo("two"))].concat();
    let (first, rest) = first.split_at(first.len() - 5);

    let mut client = raw_at_once(stream, "calm", first).await;
    client.write(rest).await;

    for text in ["one", "two"] {
        let (_, answer) = client.read().await.unwrap();
        assert!(String::from_utf8(answer).unwrap().contains(text));
    }
}

/// What a client does, and the code that it is closed with for it.
fn violations() -> Vec<(&'static str, Vec<u8>, u16)> {
    let split_euro = [masked(0x01, &[0xE2]), masked(0x80, &[0x28, 0xAC])].concat();
    vec![
        ("text that is not utf-8", masked(TEXT, &[0xFF]), 1007),
        ("the same in fragments", split_euro, 1007),
        ("an unmasked frame", frame(TEXT, 0, b"{}"), 1002),
        ("a reserved bit", masked(0xC1, b"{}"), 1002),
        ("a reserved opcode", masked(0x83, b"{}"), 1002),
        ("a continuation of nothing", masked(0x80, b"{}"), 1002),
        ("a fragmented ping", masked(0x09, b""), 1002),
        ("a ping that is too long", masked(PING, &[0; 126]), 1002),
        (
            "a message that is too big",
            masked(TEXT, &[b' '; 65_537]),
            1009,
        ),
    ]
}

#[tokio::test]
async fn a_violation_is_answered_with_its_close_code_over_tcp() {
    let mut server = Server::new();
    let address = server.listen().await;
    for (what, bytes, code) in violations() {
        let mut client = raw(TcpStream::connect(address).await.unwrap(), "calm").await;
        client.write(&masked(TEXT, &echo("before"))).await;
        client.write(&bytes).await;
        // What stays unread must not cost the client its close frame.
        client.write(&[0; 100_000]).await;

        assert_eq!(client.close_code().await, Some(code), "{what}");
        assert_eq!(client.read().await, None, "{what}");
        client.io.shutdown().await.unwrap();
        server.notes.wait_for(&format!("disconnected {code}")).await;
    }
}

#[tokio::test]
async fn one_that_writes_before_it_reads_learns_that_it_was_too_much() {
    let server = Server::new();
    let address = server.listen().await;
    let mut client = raw(TcpStream::connect(address).await.unwrap(), "calm").await;

    client
        .write(&masked(TEXT, &vec![b' '; 32 * 1024 * 1024]))
        .await;

    assert_eq!(client.close_code().await, Some(1009));
}

#[tokio::test(start_paused = true)]
async fn a_close_is_answered_though_frames_are_queued() {
    let mut server = Server::new();
    let mut client = server.raw().await;
    let stream = br#"{"action":"stream","payload":{"lines":1000,"bytes":1000}}"#;
    client.write(&masked(TEXT, stream)).await;
    settle().await;

    client.write(&masked(CLOSE, &1001_u16.to_be_bytes())).await;

    assert_eq!(client.close_code().await, Some(1001));
    assert_eq!(client.read().await, None);
    server.notes.wait_for("disconnected 1001").await;
}

#[tokio::test(start_paused = true)]
async fn a_close_by_the_server_waits_for_the_answer() {
    let mut server = Server::new();
    let mut client = server.raw().await;
    let leave = br#"{"action":"leave","payload":{"code":4000}}"#;
    let both = [masked(TEXT, leave), masked(TEXT, &echo("too late"))].concat();
    client.write(&both).await;

    let (opcode, payload) = client.read().await.unwrap();
    assert_eq!((opcode, &payload[..2]), (8, &4000_u16.to_be_bytes()[..]));
    assert!(
        timeout(Duration::from_secs(4), client.read())
            .await
            .is_err(),
        "the server waits"
    );
    assert_eq!(server.control.stats().connections(), 1);

    client.write(&masked(CLOSE, &4000_u16.to_be_bytes())).await;
    assert_eq!(client.read().await, None);
    server.notes.wait_for("dropped").await;
    settle().await;
    server.assert_empty();
}

#[tokio::test(start_paused = true)]
async fn a_close_by_the_server_does_not_wait_for_ever() {
    let mut server = Server::new();
    let mut client = server.raw().await;
    let leave = br#"{"action":"leave","payload":{"code":4000}}"#;
    client.write(&masked(TEXT, leave)).await;

    assert_eq!(client.close_code().await, Some(4000));
    assert_eq!(
        timeout(Duration::from_secs(6), client.read()).await,
        Ok(None)
    );
    server.notes.wait_for("dropped").await;
    settle().await;
    server.assert_empty();
}

#[tokio::test(start_paused = true)]
async fn one_that_breaks_off_is_noticed_at_once() {
    let mut server = Server::new();
    let client = server.connect().await;

    drop(client);

    server.notes.wait_for("disconnected 1006").await;
    server.notes.wait_for("dropped").await;
    settle().await;
    server.assert_empty();
}

#[tokio::test(start_paused = true)]
async fn one_that_falls_silent_is_noticed_in_time() {
    let mut server = Server::new();
    let began = tokio::time::Instant::now();
    let _silent = server.raw().await;

    server.notes.wait_for("disconnected 1006").await;

    assert!(began.elapsed() <= Duration::from_secs(46));
    server.notes.wait_for("dropped").await;
    settle().await;
    server.assert_empty();
}

#[tokio::test(start_paused = true)]
async fn what_is_closed_before_it_begins_is_never_connected() {
    let mut server = Server::new();
    let mut pipe = server.pipe();
    let request = "GET /lab/calm HTTP/1.1\r\nHost: lab\r\nConnection: Upgrade\r\n\
                   Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let opening = [request.as_bytes(), &masked(CLOSE, &1000_u16.to_be_bytes())].concat();
    pipe.write_all(&opening).await.unwrap();

    assert_eq!(server.notes.next().await, "dropped");

    settle().await;
    server.assert_empty();
}

#[tokio::test(start_paused = true)]
async fn an_upgrade_that_is_replaced_leaves_nothing_behind() {
    let mut server = Server::configured(|channels| channels.max_connections(1));
    let replaced = server.pipe_through(|_| async {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::IM_A_TEAPOT;
        response
    });

    let client = raw(replaced, "calm").await;

    assert!(client.head.starts_with("HTTP/1.1 418"));
    drop(client);
    assert_eq!(server.notes.next().await, "dropped");
    settle().await;
    server.assert_empty();
    let _next = server.connect().await;
}

#[tokio::test(start_paused = true)]
async fn an_upgrade_that_never_completes_leaves_nothing_behind() {
    let options = ChannelOptions::default().handshake_timeout(Duration::from_secs(3));
    let mut server = Server::configured(|channels| channels.options(options).max_connections(1));
    let held_back = server.pipe_through(|_| std::future::pending());
    let began = tokio::time::Instant::now();
    let waiting = tokio::spawn(raw(held_back, "calm"));

    assert_eq!(server.notes.next().await, "dropped");

    assert!(began.elapsed() < Duration::from_secs(4));
    waiting.abort();
    settle().await;
    server.assert_empty();
    let _next = server.connect().await;
}

#[tokio::test(start_paused = true)]
async fn a_close_that_crosses_the_servers_is_answered() {
    let mut server = Server::new();
    let mut client = server.raw().await;
    client.write(&masked(TEXT, &echo("before"))).await;
    client.read().await;
    settle().await;

    // Nothing runs between the two.
    client.write(&masked(CLOSE, &1000_u16.to_be_bytes())).await;
    let shutdown = server.control.shutdown();

    let (code, _) = tokio::join!(client.close_code(), shutdown);
    assert!(code.is_some(), "the connection ends without a close frame");
    server.notes.wait_for("disconnected 1001").await;
}
