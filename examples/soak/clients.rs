//! Clients that behave badly.

use std::{error::Error, net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message as Frame};

pub(crate) type Client = WebSocketStream<TcpStream>;

/// Connects again and again, each time to do something else.
pub(crate) async fn misbehave(address: SocketAddr, number: u64) {
    for turn in number.. {
        let Ok(client) = connect(address, "/").await else {
            continue;
        };
        let lived = timeout(Duration::from_secs(20), live(client, address, turn % 11)).await;
        drop(lived);
        sleep(Duration::from_millis(turn % 50)).await;
    }
}

pub(crate) async fn connect(
    address: SocketAddr,
    path: &str,
) -> Result<Client, Box<dyn Error + Send + Sync>> {
    let stream = TcpStream::connect(address).await?;
    Ok(client_async(format!("ws://{address}{path}"), stream)
        .await?
        .0)
}

/// Errors are what a client gets that is cut off: it tries again.
async fn live(
    mut client: Client,
    address: SocketAddr,
    habit: u64,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let text = |text: &str| Frame::text(text.to_owned());
    match habit {
        // Leaves in order.
        0 | 1 => {
            for _ in 0..50 {
                client
                    .send(text(r#"{"action":"echo","payload":{"text":"x"}}"#))
                    .await?;
                client.next().await;
            }
            client.close(None).await?;
            while client.next().await.is_some() {}
        }
        // Breaks off.
        2 => drop(client),
        // Panics, and sees the close.
        3 => {
            client
                .send(text(r#"{"action":"crash","payload":null}"#))
                .await?;
            while client.next().await.is_some() {}
        }
        // Floods without reading, until nothing more is taken.
        4 => {
            let flood = text(r#"{"action":"echo","payload":{"text":"flood"}}"#);
            let _ = timeout(Duration::from_secs(3), async {
                while client.send(flood.clone()).await.is_ok() {}
            })
            .await;
        }
        // Floods with pings.
        5 => {
            let ping = Frame::Ping(vec![0; 125].into());
            let _ = timeout(Duration::from_secs(3), async {
                while client.send(ping.clone()).await.is_ok() {}
            })
            .await;
        }
        // Does not read.
        6 => sleep(Duration::from_secs(15)).await,
        // Asks for a lot, leaves in the middle.
        7 => {
            client
                .send(text(r#"{"action":"pour","payload":{"texts":100000}}"#))
                .await?;
            for _ in 0..1_000 {
                client.next().await;
            }
        }
        // Connects, sends and leaves at once, again and again.
        8 => {
            client.close(None).await?;
            for _ in 0..50 {
                let mut client = connect(address, "/").await?;
                client
                    .send(text(r#"{"action":"echo","payload":{"text":"last words"}}"#))
                    .await?;
                client.close(None).await?;
            }
        }
        // Leaves a handler behind.
        9 => {
            client
                .send(text(r#"{"action":"hang","payload":null}"#))
                .await?;
            client.next().await;
        }
        // Breaks the protocol, then listens.
        _ => {
            client.send(text(&"x".repeat(1024 * 1024))).await?;
            while client.next().await.is_some() {}
        }
    }
    Ok(())
}
