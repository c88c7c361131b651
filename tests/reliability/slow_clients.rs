//! Clients that read slowly, or not at all.

use std::time::Duration;

use chanx::ChannelOptions;
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::{io::AsyncReadExt, net::TcpSocket, sync::mpsc};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Line, Server, masked, raw, settle};

/// Broadcasts to all, and says whether anything was dropped.
async fn broadcast(server: &Server, number: u64, bytes: usize) -> usize {
    let line = Line::of(number, bytes);
    server.lab.broadcast(line).to("all").await.unwrap().dropped
}

fn dropped_frames(server: &Server) -> u64 {
    server.control.stats().channels[0].1.dropped_frames
}

#[tokio::test]
async fn one_that_does_not_read_delays_nobody_and_is_closed() {
    const READERS: u64 = 99;
    const ROUNDS: u64 = 10;
    const FRAMES: u64 = 100;
    let server = Server::new();
    let mut stuck = server.connect().await;
    let (done, mut all_done) = mpsc::unbounded_channel();
    for _ in 0..READERS {
        let (mut client, done) = (server.connect().await, done.clone());
        tokio::spawn(async move {
            for number in 0..ROUNDS * FRAMES {
                assert_eq!(client.message().await["payload"]["number"], number);
                if (number + 1) % FRAMES == 0 {
                    done.send(()).unwrap();
                }
            }
        });
    }

    for round in 0..ROUNDS {
        for number in 0..FRAMES {
            broadcast(&server, round * FRAMES + number, 1200).await;
        }
        for _ in 0..READERS {
            all_done.recv().await.unwrap();
        }
    }

    assert_eq!(stuck.closed().await, 1013);
    assert!(dropped_frames(&server) > 0);
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_one_that_is_closed_and_does_not_read_is_counted() {
    const LINES: u64 = 1000;
    let options = ChannelOptions::default().outbox_bytes(64 * 1024 * 1024);
    let server = Server::with(options);
    let stuck = server.connect().await;
    for number in 0..LINES {
        assert_eq!(broadcast(&server, number, 10_000).await, 0);
    }

    let kicked = server.lab.user("ann").close(4000, "kicked").await;
    assert_eq!(kicked.unwrap().reached, 1);
    // The closing handshake has its five seconds.
    tokio::time::sleep(Duration::from_secs(6)).await;

    let (_, stats) = server.control.stats().channels[0];
    assert_eq!(stats.connections, 0);
    // A few more were on their way, and nobody knows how far they came.
    let accounted_for = stats.frames_out + stats.dropped_frames;
    assert!((LINES - 64..=LINES).contains(&accounted_for), "{stats:?}");
    assert!(stats.dropped_frames > LINES / 2, "{stats:?}");
    drop(stuck);
}

#[tokio::test]
async fn one_that_does_not_read_is_told_so_over_tcp() {
    let mut server = Server::new();
    let address = server.listen().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(8 * 1024).unwrap();
    let mut stuck = raw(socket.connect(address).await.unwrap(), "calm").await;
    server.notes.wait_for("connected").await;

    let mut number = 0;
    while broadcast(&server, number, 32 * 1024).await == 0 {
        number += 1;
        assert!(number < 100_000, "the queue has no bound");
    }

    assert_eq!(stuck.close_code().await, Some(1013));
    stuck.write(&masked(0x88, &1013_u16.to_be_bytes())).await;
    assert_eq!(stuck.read().await, None);
    assert_eq!(server.notes.next().await, "disconnected 1013");
}

#[tokio::test(start_paused = true)]
async fn one_that_reads_loses_no_event_of_a_burst() {
    let server = Server::new();
    let mut client = server.connect().await;
    let reader = tokio::spawn(async move {
        for number in 0..2_000 {
            assert_eq!(client.message().await["payload"]["number"], number);
        }
    });

    for number in 0..2_000 {
        server.tick(number).await;
    }

    reader.await.unwrap();
    assert_eq!(dropped_frames(&server), 0);
}

#[tokio::test(start_paused = true)]
async fn a_long_reply_leaves_room_for_broadcasts() {
    for asked in ["stream", "reply"] {
        let server = Server::new();
        let mut client = server.connect().await;
        client
            .send(asked, json!({"lines": 20_000, "bytes": 100}))
            .await;
        settle().await;

        for number in 0..1_000 {
            assert_eq!(broadcast(&server, 1_000_000 + number, 100).await, 0);
        }

        let (mut replies, mut broadcasts) = (0, 0);
        while replies < 20_000 || broadcasts < 1_000 {
            let number = client.message().await["payload"]["number"]
                .as_u64()
                .unwrap();
            let expected = if number < 1_000_000 {
                &mut replies
            } else {
                &mut broadcasts
            };
            assert_eq!(number % 1_000_000, *expected, "{asked}: out of order");
            *expected += 1;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_large_reply_leaves_room_for_broadcasts() {
    let server = Server::new();
    let mut client = server.connect().await;
    client
        .send("stream", json!({"lines": 3, "bytes": 900_000}))
        .await;
    settle().await;

    assert_eq!(broadcast(&server, 100, 400_000).await, 0);

    let mut numbers = Vec::new();
    while numbers.len() < 4 {
        numbers.push(
            client.message().await["payload"]["number"]
                .as_u64()
                .unwrap(),
        );
    }
    numbers.sort_unstable();
    assert_eq!(numbers, [0, 1, 2, 100]);
}

#[tokio::test(start_paused = true)]
async fn every_task_that_waits_to_send_gets_its_turn() {
    let mut server = Server::new();
    let mut client = server.connect().await;
    client
        .send("tasks", json!({"lines": 1_000, "bytes": 10_000}))
        .await;
    tokio::time::sleep(Duration::from_secs(1)).await;

    let mut given_up = server.notes.rest();
    given_up.retain(|note| note == "in time false");
    let reader = tokio::spawn(async move {
        let mut received = 0;
        while let Some(Message::Text(_)) = client.frame().await {
            received += 1;
            if received == 1_000 - given_up.len() {
                break;
            }
        }
        (client, received, given_up.len())
    });

    let (_, received, given_up) = reader.await.unwrap();
    assert!(given_up > 300, "most of those in a hurry have given up");
    assert_eq!(received, 1_000 - given_up);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_waits_to_send_is_told_of_the_end() {
    let mut server = Server::new();
    let mut client = server.connect().await;
    client
        .send("tasks", json!({"lines": 400, "bytes": 10_000}))
        .await;
    settle().await;

    drop(client);
    server.notes.wait_for("disconnected 1006").await;
    settle().await;

    let notes = server.notes.rest();
    assert!(notes.iter().any(|note| note == "sent false"), "{notes:?}");
    let sent = notes.iter().filter(|note| note.starts_with("sent")).count();
    assert!(sent > 100, "none of them waits for ever");
}

#[tokio::test(start_paused = true)]
async fn a_ping_is_answered_while_a_handler_runs() {
    let mut server = Server::new();
    let mut client = server.raw().await;
    let hang = br#"{"action":"hang","payload":null}"#;
    client.write(&masked(0x81, hang)).await;
    server.notes.wait_for("hanging").await;

    client.write(&masked(0x89, b"there?")).await;

    assert_eq!(client.read().await, Some((10, b"there?".to_vec())));
}

#[tokio::test(start_paused = true)]
async fn a_handler_behind_a_close_is_cancelled_when_its_time_is_over() {
    let mut server = Server::new();
    let mut client = server.raw().await;
    let hang = br#"{"action":"hang","payload":null}"#;
    client.write(&masked(0x81, hang)).await;
    server.notes.wait_for("hanging").await;
    for _ in 0..1_000 {
        let echo = br#"{"action":"echo","payload":{"text":"behind it"}}"#;
        client.write(&masked(0x81, echo)).await;
    }

    client.write(&masked(0x88, &1000_u16.to_be_bytes())).await;

    assert_eq!(server.notes.next().await, "cancelled");
    assert_eq!(server.notes.next().await, "disconnected 1000");
    assert_eq!(
        client.read().await,
        Some((8, 1000_u16.to_be_bytes().to_vec()))
    );
    assert_eq!(client.read().await, None);
}

#[tokio::test(start_paused = true)]
async fn a_client_behind_a_full_inbox_loses_nothing() {
    let mut server = Server::new();
    let client = server.raw().await;
    let (mut read, mut write) = tokio::io::split(client.io);
    let frame = masked(0x81, br#"{"action":"hold","payload":null}"#);
    let writer = tokio::spawn(async move {
        use tokio::io::AsyncWriteExt;

        write.write_all(&frame).await.unwrap();
        let echo = serde_json::json!({"action": "echo", "payload": {"text": "x".repeat(1_000)}});
        for _ in 0..1_000 {
            let frame = masked(0x81, echo.to_string().as_bytes());
            write.write_all(&frame).await.unwrap();
        }
        write
    });
    server.notes.wait_for("holding").await;

    tokio::time::sleep(Duration::from_secs(40)).await;
    assert_eq!(server.notes.rest(), Vec::<String>::new());
    server.release.notify_one();

    let mut answers = 0;
    while answers < 1_000 {
        let opcode = read.read_u8().await.unwrap() & 0x0F;
        let length = match read.read_u8().await.unwrap() {
            126 => read.read_u16().await.unwrap(),
            length => u16::from(length),
        };
        let mut payload = vec![0; usize::from(length)];
        read.read_exact(&mut payload).await.unwrap();
        answers += u32::from(opcode == 1);
    }
    drop(writer.await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn one_that_only_talks_is_not_taken_for_gone() {
    let mut server = Server::new();
    let mut client = server.raw().await;
    server.notes.wait_for("connected").await;

    // It answers no ping, but it is there.
    for _ in 0..30 {
        let echo = br#"{"action":"echo","payload":{"text":"still here"}}"#;
        client.write(&masked(0x81, echo)).await;
        tokio::time::sleep(Duration::from_secs(10)).await;
    }

    assert_eq!(server.notes.rest(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn the_answers_to_one_that_only_sends_wait_and_none_is_lost() {
    const MESSAGES: usize = 5_000;
    const OUTBOX: usize = 64 * 1024;
    let server = Server::with(ChannelOptions::default().outbox_bytes(OUTBOX));
    let (mut write, mut read) = server.connect().await.0.split();
    let echo = |number| json!({"action": "echo", "payload": {"text": format!("{number:01000}")}});
    let sending = tokio::spawn(async move {
        for number in 0..MESSAGES {
            let echo = Message::text(echo(number).to_string());
            write.send(echo).await.unwrap();
        }
        write
    });

    // It has sent all that the server takes.
    settle().await;
    let taken = server.control.stats().channels[0].1.bytes_in;
    // The answers of the outbox and the pipe, and the messages of the inbox.
    let room = 2 * OUTBOX + 128 * 1024;
    assert!(taken <= room as u64, "{taken} bytes");
    assert!(!sending.is_finished());

    for number in 0..MESSAGES {
        let answer = read.next().await.unwrap().unwrap().into_text().unwrap();
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer, echo(number));
    }
    drop(sending.await.unwrap());
}
