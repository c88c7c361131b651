//! The same by hand: one subscription, whose messages go to every socket as they are.

use std::sync::Arc;

use axum::{
    Router,
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, Utf8Bytes, WebSocket},
    },
    response::Response,
    routing::any,
};
use futures_util::StreamExt;
use serde_json::json;
use tokio::{net::TcpListener, sync::broadcast};

use super::{Failure, TEXT, now, obey};

const CHANNEL: &str = "room.lobby";

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn serve(url: &str) -> Result<(), Failure> {
    let (lines, _) = broadcast::channel(4096);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let at = listener.local_addr()?;
    let app = Router::new()
        .route("/room", any(upgrade))
        .with_state(Arc::new(lines.clone()));
    tokio::spawn(async move { axum::serve(listener, app).await });
    if url.starts_with("nats:") {
        let client = async_nats::connect(url).await?;
        let mut messages = client.subscribe(CHANNEL).await?;
        client.flush().await?;
        println!("{at}");
        while let Some(message) = messages.next().await {
            // An error says that nobody is here.
            let _ = lines.send(Utf8Bytes::try_from(message.payload)?);
        }
    } else {
        let mut subscription = redis::Client::open(url)?.get_async_pubsub().await?;
        subscription.subscribe(CHANNEL).await?;
        println!("{at}");
        let mut messages = subscription.on_message();
        while let Some(message) = messages.next().await {
            let line: String = message.get_payload()?;
            let _ = lines.send(line.into());
        }
    }
    Ok(())
}

async fn upgrade(
    State(lines): State<Arc<broadcast::Sender<Utf8Bytes>>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade.on_upgrade(async move |socket| write(socket, lines.subscribe()).await)
}

async fn write(mut socket: WebSocket, mut lines: broadcast::Receiver<Utf8Bytes>) {
    while let Ok(line) = lines.recv().await {
        if socket.send(Message::Text(line)).await.is_err() {
            return;
        }
    }
}

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn publish(url: &str) -> Result<(), Failure> {
    let line = || json!({"action": "line", "payload": {"sent": now(), "text": TEXT}}).to_string();
    if url.starts_with("nats:") {
        let client = async_nats::connect(url).await?;
        println!("ready");
        obey(async || {
            client.publish(CHANNEL, line().into()).await?;
            client.flush().await?;
            Ok(())
        })
        .await
    } else {
        let client = redis::Client::open(url)?;
        let connection = client.get_multiplexed_async_connection().await?;
        println!("ready");
        obey(async || {
            let mut publish = redis::cmd("PUBLISH");
            publish.arg(CHANNEL).arg(line());
            publish.exec_async(&mut connection.clone()).await?;
            Ok(())
        })
        .await
    }
}
