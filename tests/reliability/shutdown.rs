//! How a server ends.

use std::time::Duration;

use chanx::Shutdown;
use serde_json::json;
use tokio::{net::TcpListener, sync::oneshot};

use crate::support::{Client, Server, raw, settle};

/// Reads until the end, answering the close, and gives its code.
fn reading<T>(mut client: Client<T>) -> tokio::task::JoinHandle<u16>
where
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    tokio::spawn(async move { client.closed().await })
}

#[tokio::test(start_paused = true)]
async fn everyone_is_told_to_go_and_nobody_let_in() {
    let mut server = Server::new();
    let mut clients = Vec::new();
    for _ in 0..1_000 {
        clients.push(reading(server.connect().await));
    }
    let began = tokio::time::Instant::now();

    let report = server.control.shutdown().await;

    assert_eq!((report.closed, report.cut), (1_000, 0));
    assert_eq!(report.messages_unhandled, 0);
    assert!(began.elapsed() > Duration::from_millis(200), "all at once");
    assert!(began.elapsed() < Duration::from_secs(3), "too slowly");
    for client in clients {
        assert_eq!(client.await.unwrap(), 1001);
    }
    let ended = server.notes.rest();
    let ended = ended.iter().filter(|note| *note == "disconnected 1001");
    assert_eq!(ended.count(), 1_000);
    server.assert_empty();
    let refused = raw(server.pipe(), "calm").await;
    assert!(refused.head.starts_with("HTTP/1.1 503"), "{}", refused.head);
}

#[tokio::test(start_paused = true)]
async fn it_is_known_from_its_beginning_on() {
    let server = Server::new();
    let _client = reading(server.connect_in("hang-disconnected").await);
    settle().await;
    let (control, known) = (server.control.clone(), server.control.clone());
    assert!(!known.is_shutting_down());

    let shutdown = tokio::spawn(async move { control.shutdown().await });
    settle().await;

    assert!(!shutdown.is_finished());
    assert!(known.is_shutting_down());
    shutdown.await.unwrap();
    assert!(known.is_shutting_down(), "there is no way back");
}

#[tokio::test(start_paused = true)]
async fn what_hangs_is_cut_and_counted() {
    let mut server = Server::new();
    let calm = reading(server.connect().await);
    let hanging = reading(server.connect_in("hang-disconnected").await);
    let mut busy = server.connect().await;
    busy.send("hang", json!(null)).await;
    server.notes.wait_for("hanging").await;
    let busy = reading(busy);
    let began = tokio::time::Instant::now();

    let report = server.control.shutdown().await;

    assert_eq!((report.closed, report.cut), (2, 1));
    assert_eq!(report.messages_unhandled, 1);
    assert!(began.elapsed() < Duration::from_secs(11));
    server.assert_empty();
    assert_eq!(calm.await.unwrap(), 1001);
    assert_eq!(busy.await.unwrap(), 1001);
    assert_eq!(hanging.await.unwrap(), 1001);
    let cancelled = server.notes.rest();
    let cancelled = cancelled.iter().filter(|note| *note == "cancelled");
    assert_eq!(cancelled.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_hangs_is_cut_at_the_deadline_that_was_chosen() {
    let server = Server::new();
    let _hanging = reading(server.connect_in("hang-disconnected").await);
    settle().await;
    let began = tokio::time::Instant::now();
    let shutdown = Shutdown::default().deadline(Duration::from_secs(3));

    let report = server.control.shutdown_with(shutdown).await;

    assert_eq!((report.closed, report.cut), (0, 1));
    assert!(began.elapsed() >= Duration::from_secs(3), "cut too early");
    assert!(began.elapsed() < Duration::from_secs(5), "cut too late");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_answer_is_not_waited_for() {
    let server = Server::new();
    let _silent = server.raw().await;
    settle().await;

    let report = server.control.shutdown().await;

    assert_eq!((report.closed, report.cut), (1, 0));
    server.assert_empty();
}

#[tokio::test(start_paused = true)]
async fn a_connection_whose_upgrade_is_under_way_is_closed_too() {
    let mut server = Server::new();
    let (let_through, held) = oneshot::channel::<()>();
    let held = std::sync::Arc::new(tokio::sync::Mutex::new(Some(held)));
    let pipe = server.pipe_through(move |response| {
        let held = held.clone();
        async move {
            if let Some(held) = held.lock().await.take() {
                let _ = held.await;
            }
            response
        }
    });
    let client = tokio::spawn(async move { crate::support::open(pipe, "calm").await });
    settle().await;
    let control = server.control.clone();
    let shutdown = tokio::spawn(async move { control.shutdown().await });
    settle().await;

    let_through.send(()).unwrap();

    let mut client = client.await.unwrap();
    assert_eq!(client.closed().await, 1001);
    let report = shutdown.await.unwrap();
    assert_eq!((report.closed, report.cut), (1, 0));
    assert_eq!(server.notes.rest(), ["dropped"], "it never connected");
    server.assert_empty();
}

#[tokio::test(start_paused = true)]
async fn shutting_down_twice_is_shutting_down() {
    let server = Server::new();
    let client = reading(server.connect().await);
    settle().await;

    let (first, second) = tokio::join!(server.control.shutdown(), server.control.shutdown());

    assert_eq!((first.closed, first.cut), (1, 0));
    assert_eq!((second.closed, second.cut), (1, 0));
    assert_eq!(client.await.unwrap(), 1001);
    let third = server.control.shutdown().await;
    assert_eq!((third.closed, third.cut), (0, 0));
}

#[tokio::test]
async fn it_works_with_the_graceful_shutdown_of_axum() {
    let server = Server::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let (app, control) = (server.app.clone(), server.control.clone());
    let serving = tokio::spawn(async move {
        axum::serve(listener, app)
            .with_graceful_shutdown(async move {
                let _ = stopped.await;
                control.shutdown().await;
            })
            .await
    });
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let mut client = crate::support::open(stream, "calm").await;
    client.send("echo", json!({"text": "up"})).await;
    client.message().await;

    stop.send(()).unwrap();

    assert_eq!(client.closed().await, 1001);
    drop(client);
    serving.await.unwrap().unwrap();
    server.assert_empty();
}
