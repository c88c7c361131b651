//! A server under churn, floods, stuck readers and panics, for as long as wanted.
//!
//! Run with `scripts/soak SECONDS`. It ends with an error when anything is
//! left, a session, a member of a group, a task, or when one of those who read all
//! that everyone is sent has missed something that it was not told of.

use std::{
    env,
    error::Error,
    fs,
    net::SocketAddr,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::Router;
use chanx::{
    Broadcaster, ChannelLayer, Channels, Connect, Consumer, Context, Control, HandlerError,
    Message, channel,
};
use futures_util::{SinkExt, StreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Handle,
    task::JoinSet,
    time::{interval, sleep, timeout},
};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message as Frame};

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
struct Soak;

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

/// How many clients there are at a time, and how many of them behave.
const CLIENTS: u64 = 200;
const READERS: u64 = 4;

/// What those have seen who read all that everyone is sent.
#[derive(Debug, Default)]
struct Seen {
    news: AtomicU64,
    missed: AtomicU64,
    /// Gaps that were not told.
    untold: AtomicU64,
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let seconds = env::args().nth(1).map_or(Ok(180), |text| text.parse())?;
    std::panic::set_hook(Box::new(|_| {}));
    let layer = ChannelLayer::new();
    let channels: Channels = Channels::new(layer.clone()).route::<Soak>("/");
    let control = channels.control();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let app = Router::new().merge(channels);
    let server = tokio::spawn(async move { axum::serve(listener, app).await });

    let mut load = JoinSet::new();
    for number in READERS..CLIENTS {
        load.spawn(misbehave(address, number));
    }
    let seen = Arc::new(Seen::default());
    for _ in 0..READERS {
        load.spawn(keep_reading(address, seen.clone()));
    }
    load.spawn(publish(Broadcaster::new(&layer)));
    observe(&control, Duration::from_secs(seconds)).await;

    load.shutdown().await;
    let report = control.shutdown().await;
    server.abort();
    let _ = server.await;
    println!(
        "shutdown: {} closed, {} cut, {} messages unhandled",
        report.closed, report.cut, report.messages_unhandled
    );
    let [news, missed, untold] =
        [&seen.news, &seen.missed, &seen.untold].map(|count| count.load(Ordering::Relaxed));
    println!("readers: {news} news, {missed} missed, {untold} gaps untold");
    let settled = settle(&control).await;
    Ok(if news > 0 && untold == 0 {
        settled
    } else {
        ExitCode::FAILURE
    })
}

/// Prints the numbers every ten seconds.
async fn observe(control: &Control, duration: Duration) {
    let began = Instant::now();
    let mut ticks = interval(Duration::from_secs(10));
    println!("seconds connections tasks rss_kib opened frames_in frames_out dropped unhandled");
    while began.elapsed() <= duration {
        ticks.tick().await;
        let stats = control.stats();
        let channel = stats.channels.first().map(|(_, channel)| *channel);
        let channel = channel.unwrap_or_default();
        println!(
            "{} {} {} {} {} {} {} {} {}",
            began.elapsed().as_secs(),
            stats.connections(),
            Handle::current().metrics().num_alive_tasks(),
            resident_kib(),
            channel.opened,
            channel.frames_in,
            channel.frames_out,
            channel.dropped_frames,
            channel.messages_unhandled,
        );
    }
}

/// Waits until nothing is left, and says whether that came about.
async fn settle(control: &Control) -> ExitCode {
    for _ in 0..20 {
        let stats = control.stats();
        let tasks = Handle::current().metrics().num_alive_tasks();
        println!(
            "left: {} sessions, {} connections, {} groups, {} members, {tasks} tasks, {} KiB",
            stats.connections(),
            stats.layer.connections,
            stats.layer.groups,
            stats.layer.members,
            resident_kib(),
        );
        let left = stats.connections() as usize + stats.layer.connections + stats.layer.members;
        if left + stats.layer.groups + tasks == 0 {
            return ExitCode::SUCCESS;
        }
        sleep(Duration::from_secs(1)).await;
    }
    ExitCode::FAILURE
}

/// What the process holds in memory.
fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let digits = line.and_then(|line| line.split_whitespace().next());
    digits.and_then(|kib| kib.parse().ok()).unwrap_or(0)
}

/// Sends everyone about 400 KiB a second: too much for who does not read.
async fn publish(everyone: Broadcaster<Soak>) {
    let mut ticks = interval(Duration::from_millis(10));
    for number in 0.. {
        ticks.tick().await;
        let (number, text) = (Some(number), "x".repeat(4_000));
        let _ = everyone.broadcast(News { number, text }).await;
    }
}

/// Reads all that everyone is sent, and comes back where it is too slow for it.
async fn keep_reading(address: SocketAddr, seen: Arc<Seen>) {
    loop {
        if let Ok(client) = connect(address).await {
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

type Client = WebSocketStream<TcpStream>;

/// Connects again and again, each time to do something else.
async fn misbehave(address: SocketAddr, number: u64) {
    for turn in number.. {
        let Ok(client) = connect(address).await else {
            continue;
        };
        let lived = timeout(Duration::from_secs(20), live(client, address, turn % 11)).await;
        drop(lived);
        sleep(Duration::from_millis(turn % 50)).await;
    }
}

async fn connect(address: SocketAddr) -> Result<Client, Box<dyn Error + Send + Sync>> {
    let stream = TcpStream::connect(address).await?;
    Ok(client_async(format!("ws://{address}/"), stream).await?.0)
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
                let mut client = connect(address).await?;
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
