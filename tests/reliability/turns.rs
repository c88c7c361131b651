//! Worker and reader take turns at the socket: a frame is never lost between them.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::yield_now,
    time::advance,
};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Client, Line, Server, masked, request, serve};

async fn says(client: &mut Client<DuplexStream>, text: &str) {
    client.send("echo", json!({"text": text})).await;
}

async fn hears(client: &mut Client<DuplexStream>, text: &str) {
    let answer = client.message().await;
    assert_eq!(answer["payload"]["text"], text);
}

/// Waits for the answer to a ping: what was sent before it has been read.
async fn pongs(client: &mut Client<DuplexStream>) {
    let ping = Message::Ping(b"there?".as_slice().into());
    client.0.send(ping).await.unwrap();
    let pong = Message::Pong(b"there?".as_slice().into());
    assert_eq!(client.frame().await, Some(pong));
}

/// Begins a handler that waits until the test releases it.
async fn holds(client: &mut Client<DuplexStream>, server: &mut Server) {
    client.send("hold", Value::Null).await;
    server.notes.wait_for("holding").await;
}

#[tokio::test(start_paused = true)]
async fn frames_before_while_and_after_a_handler_waits_are_handled_in_order() {
    let mut server = Server::new();
    let mut client = server.connect().await;
    for _ in 0..3 {
        says(&mut client, "before").await;
        hears(&mut client, "before").await;

        holds(&mut client, &mut server).await;
        says(&mut client, "while it waits").await;
        pongs(&mut client).await;
        says(&mut client, "while it still waits").await;
        pongs(&mut client).await;
        server.release.notify_one();

        says(&mut client, "after").await;
        for text in ["while it waits", "while it still waits", "after"] {
            hears(&mut client, text).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn one_write_with_all_of_that_is_handled_in_order_too() {
    let mut server = Server::new();
    let mut client = server.connect().await;
    for _ in 0..3 {
        for (action, payload) in [
            ("echo", json!({"text": "1"})),
            ("hold", Value::Null),
            ("echo", json!({"text": "2"})),
            ("hold", Value::Null),
            ("echo", json!({"text": "3"})),
        ] {
            let message = json!({"action": action, "payload": payload});
            let message = Message::text(message.to_string());
            client.0.feed(message).await.unwrap();
        }
        client.0.flush().await.unwrap();

        hears(&mut client, "1").await;
        for text in ["2", "3"] {
            server.notes.wait_for("holding").await;
            pongs(&mut client).await;
            server.release.notify_one();
            hears(&mut client, text).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_neither_loses_a_frame_nor_is_lost_beside_one() {
    let mut server = Server::new();
    let mut client = server.connect().await;
    for number in 0..3 {
        server.tick(number).await;
        assert_eq!(client.message().await["payload"]["number"], number);
        says(&mut client, "idle").await;
        hears(&mut client, "idle").await;

        holds(&mut client, &mut server).await;
        server.tick(number).await;
        pongs(&mut client).await;
        server.release.notify_one();
        assert_eq!(client.message().await["payload"]["number"], number);
    }
}

#[tokio::test(start_paused = true)]
async fn a_close_is_answered_while_a_handler_waits_that_came_behind_others() {
    let mut server = Server::new();
    let mut client = server.connect().await;
    holds(&mut client, &mut server).await;
    server.release.notify_one();
    says(&mut client, "idle again").await;
    hears(&mut client, "idle again").await;
    holds(&mut client, &mut server).await;

    client.0.close(None).await.unwrap();

    assert_eq!(client.closed().await, 1005);
    server.release.notify_one();
    server.notes.wait_for("disconnected 1005").await;
}

/// A client that sends the same message for ever, as fast as it is read, and takes
/// whatever is written to `written`.
///
/// Unlike tokio's own streams it never has its reader give way to other tasks.
struct Flood {
    /// What is still to be read of the request or the message.
    unread: Vec<u8>,
    message: Vec<u8>,
    /// True once the request has been answered.
    is_upgraded: bool,
    reader: Option<Waker>,
    written: UnboundedSender<Vec<u8>>,
}

impl Flood {
    /// Lets one loose on a server, and gives what is written to it.
    fn loose(message: Vec<u8>, mode: &str, server: &Server) -> UnboundedReceiver<Vec<u8>> {
        let (written, read) = unbounded_channel();
        let flood = Self {
            unread: request(mode).into_bytes(),
            message,
            is_upgraded: false,
            reader: None,
            written,
        };
        serve(
            server.app.clone(),
            flood,
            |response| async move { response },
        );
        read
    }
}

impl AsyncRead for Flood {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.unread.is_empty() && !self.is_upgraded {
            self.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        if self.unread.is_empty() {
            self.unread = self.message.clone();
        }
        let taken = self.unread.len().min(buffer.remaining());
        let taken: Vec<_> = self.unread.drain(..taken).collect();
        buffer.put_slice(&taken);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Flood {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.is_upgraded = true;
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
        // Few tests want to know.
        let _ = self.written.send(bytes.to_vec());
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Connects clients that send for ever, each with a message of its own.
fn floods(mode: &str) -> impl Iterator<Item = Server> {
    let answered = json!({"action": "echo", "payload": {"text": "again"}});
    let unanswered = json!({"action": "tasks", "payload": {"lines": 0, "bytes": 0}});
    let messages = [
        masked(0x81, answered.to_string().as_bytes()),
        masked(0x81, unanswered.to_string().as_bytes()),
        masked(0x81, br#"{"action":"ignore","payload":null}"#),
        masked(0x89, b"a ping"),
        masked(0x8A, b"a pong"),
    ];
    messages.into_iter().map(move |message| {
        let server = Server::new();
        drop(Flood::loose(message, mode, &server));
        server
    })
}

#[tokio::test(start_paused = true)]
async fn a_client_that_never_pauses_leaves_others_their_turn() {
    for mut server in floods("calm") {
        server.notes.wait_for("connected").await;
        let mut other = server.connect().await;

        says(&mut other, "here too").await;
        hears(&mut other, "here too").await;
        server.lab.user("ann").close(4000, "enough").await.unwrap();

        for _ in ["the flood", "the other"] {
            server.notes.wait_for("disconnected 4000").await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_credentials_of_a_client_that_never_pauses_expire() {
    for mut server in floods("expiring") {
        server.notes.wait_for("connected").await;

        advance(Duration::from_secs(61)).await;

        // No clock ends this wait, because time stands still while there is something to do.
        let mut notes = Vec::new();
        for _ in 0..1000 {
            if notes.is_empty() {
                yield_now().await;
                notes = server.notes.rest();
            }
        }
        assert_eq!(notes, ["disconnected 4401"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_never_pauses_is_cancelled_some_time_after_its_client_left() {
    let mut server = Server::new();
    let mut client = server.connect().await;
    client.send("spin", Value::Null).await;
    server.notes.wait_for("spinning").await;

    drop(client);
    for _ in 0..100 {
        advance(Duration::from_secs(1)).await;
    }

    let notes = server.notes.rest();
    assert_eq!(notes, ["cancelled", "disconnected 1006", "dropped"]);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_never_pauses_gets_what_is_not_its_answer_too() {
    let answered = json!({"action": "echo", "payload": {"text": "again"}});
    let unanswered = json!({"action": "ignore", "payload": null});
    for message in [answered, unanswered] {
        let message = masked(0x81, message.to_string().as_bytes());
        // Many behind each ping, so that they are what takes the time.
        let message = [message.repeat(100), masked(0x89, b"there?")].concat();
        let mut server = Server::new();
        let mut read = Flood::loose(message, "calm", &server);
        server.notes.wait_for("connected").await;

        server.tick(4321).await;
        let line = Line::of(8765, 0);
        server.lab.broadcast(line).to("all").await.unwrap();

        let mut missing = vec!["there?", "4321", "8765"];
        while !missing.is_empty() {
            let written = read.recv().await.unwrap();
            let written = String::from_utf8_lossy(&written);
            missing.retain(|expected| !written.contains(expected));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_sends_without_end_is_cancelled_some_time_after_its_client_left() {
    let mut server = Server::new();
    let mut client = server.connect().await;
    client
        .send("stream", json!({"lines": u64::MAX, "bytes": 8}))
        .await;
    client.message().await;

    drop(client);
    for _ in 0..100 {
        advance(Duration::from_secs(1)).await;
    }

    let notes = server.notes.rest();
    assert_eq!(notes, ["connected", "disconnected 1006", "dropped"]);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_joins_without_end_is_cancelled_some_time_after_its_client_left() {
    let mut server = Server::new();
    let mut client = server.connect().await;
    client.send("join_again", Value::Null).await;
    server.notes.wait_for("joining").await;

    drop(client);
    for _ in 0..100 {
        advance(Duration::from_secs(1)).await;
    }

    let notes = server.notes.rest();
    assert_eq!(notes, ["cancelled", "disconnected 1006", "dropped"]);
}
