//! A channel that sends everyone the same, and those who read all of it.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chanx::{Broadcaster, Connect, Consumer, Context, HandlerError, Message, channel};
use futures_util::StreamExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::{interval, sleep};
use tokio_tungstenite::tungstenite::Message as Frame;

use crate::clients::{Client, connect};

/// A text that comes back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Echo {
    text: String,
}

/// A text for everyone, or for who has asked for it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct News {
    /// Counted up in what goes to everyone.
    number: Option<u64>,
    text: String,
}

/// Asks for as many texts.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Pour {
    texts: u32,
}

/// Makes the handler panic.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Crash;

/// Keeps the handler busy until its client leaves.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Hang;

#[derive(Default, Connect, Consumer)]
pub(crate) struct Soak;

#[channel(name = "soak", groups = ["everyone"], sends(News))]
impl Soak {
    #[ws_handler]
    async fn echo(&self, message: Echo) -> Echo {
        message
    }

    #[ws_handler]
    async fn pour(&mut self, asked: Pour, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        for number in 0..asked.texts {
            ctx.join(format!("poured.{}", number % 10)).await?;
            let text = "x".repeat(200);
            ctx.send(News { number: None, text }).await?;
        }
        Ok(())
    }

    #[ws_handler]
    async fn crash(&mut self, _: Crash) {
        panic!("as asked for");
    }

    #[ws_handler]
    async fn hang(&mut self, _: Hang) {
        std::future::pending::<()>().await;
    }
}

/// What those have seen who read all that everyone is sent.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) news: AtomicU64,
    pub(crate) missed: AtomicU64,
    /// Gaps that were not told.
    pub(crate) untold: AtomicU64,
}

/// Sends everyone about 400 KiB a second: too much for who does not read.
pub(crate) async fn publish(everyone: Broadcaster<Soak>) {
    let mut ticks = interval(Duration::from_millis(10));
    for number in 0.. {
        ticks.tick().await;
        let (number, text) = (Some(number), "x".repeat(4_000));
        let _ = everyone.broadcast(News { number, text }).await;
    }
}

/// Reads all that everyone is sent, and comes back where it is too slow for it.
pub(crate) async fn keep_reading(address: SocketAddr, seen: Arc<Seen>) {
    loop {
        if let Ok(client) = connect(address, "/").await {
            read(client, &seen).await;
        }
        sleep(Duration::from_millis(10)).await;
    }
}

/// Counts what is missing between the first and the last that it reads.
async fn read(mut client: Client, seen: &Seen) {
    let (mut next, mut is_told) = (None, false);
    while let Some(Ok(frame)) = client.next().await {
        let Frame::Text(text) = frame else {
            continue;
        };
        let json: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        is_told |= json["action"] == "error";
        let Some(number) = json["payload"]["number"].as_u64() else {
            continue;
        };
        seen.news.fetch_add(1, Ordering::Relaxed);
        let missed = number - next.unwrap_or(number);
        if missed > 0 && !is_told {
            seen.untold.fetch_add(1, Ordering::Relaxed);
        }
        seen.missed.fetch_add(missed, Ordering::Relaxed);
        (next, is_told) = (Some(number + 1), false);
    }
}
