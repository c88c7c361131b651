//! The fate of a client's messages, for each way in which its connection ends.
//!
//! Each row of the table in the book's page on the wire protocol is played in
//! memory and over TCP, with nothing, one and a thousand messages waiting behind a
//! handler that runs.

mod beyond;
mod cases;
mod desk;
mod limits;
mod sending;
mod table;

use std::time::Duration;

use chanx::{ChannelOptions, RateLimit, Shutdown};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use self::desk::{Bulk, HELD, Server, Then, Tick};
use crate::support::{Raw, masked, open, raw, serve_pipe};

trait Io: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

type AnyIo = Box<dyn Io>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Memory,
    Tcp,
}

impl Way {
    async fn to(self, server: &Server) -> AnyIo {
        match self {
            Self::Memory => Box::new(serve_pipe(server.app.clone(), |response| async move {
                response
            })),
            Self::Tcp => {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let address = listener.local_addr().unwrap();
                let app = server.app.clone();
                tokio::spawn(async move { axum::serve(listener, app).await });
                Box::new(TcpStream::connect(address).await.unwrap())
            }
        }
    }
}

impl Way {
    /// Lets time pass, and runs the timers that are due by then.
    async fn pass(self, time: Duration) {
        // Over TCP the clock is paused only while it is set, because sockets take real time.
        if self == Self::Tcp {
            tokio::time::pause();
        }
        tokio::time::advance(time).await;
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        if self == Self::Tcp {
            tokio::time::resume();
        }
    }
}

/// The ways in which a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    ClientCloses,
    Lost,
    FinWithoutClose,
    PingTimeout,
    Shutdown,
    BrokenProtocol,
    NotUtf8,
    TooBig,
    Kick,
    ContextClose,
    Expiry,
    Rate,
    SlowClient,
    SlowConsumer,
    FailedHook,
    Panic,
}

/// The outcome of one cell of the table.
#[derive(Debug)]
struct Outcome {
    waiting: u64,
    /// The numbers in the ledger: one for each message that was handled.
    handled: Vec<u64>,
    /// The number of messages that were counted as unhandled.
    unhandled: u64,
    /// The actions that the client received, and the code that it was closed with.
    received: Vec<String>,
    code: Option<u16>,
    /// The actions that another client received.
    witnessed: Vec<String>,
}

impl Outcome {
    /// The numbers of the messages that waited.
    fn all(&self) -> Vec<u64> {
        (0..self.waiting).collect()
    }
}

impl End {
    fn options(self) -> ChannelOptions {
        let options = ChannelOptions::default().inbox_bytes(1024 * 1024);
        let moment = Duration::from_millis(100);
        match self {
            Self::PingTimeout => options.ping_interval(moment).ping_timeout(moment),
            Self::Rate => options.rate_limit(RateLimit::per_second(1).burst(2)),
            Self::SlowClient => options.outbox_bytes(128 * 1024),
            Self::SlowConsumer => options.mailbox_events(1),
            _ => options,
        }
    }

    fn mode(self) -> &'static str {
        match self {
            Self::Expiry => "expires",
            Self::FailedHook => "fails",
            _ => "client",
        }
    }

    /// The order for the handler that runs; `None` where `connected` runs instead.
    fn then(self) -> Option<Then> {
        match self {
            Self::ContextClose => Some(Then::Close),
            Self::Panic => Some(Then::Panic),
            Self::FailedHook => None,
            _ => Some(Then::WaitForTheEnd),
        }
    }

    /// True if the handler that runs as the connection ends goes on until the gate is opened.
    fn is_outlived(self) -> bool {
        !matches!(self, Self::FailedHook | Self::Panic)
    }

    /// True if the socket is closed while the handler still runs.
    fn closes_at_once(self) -> bool {
        match self {
            Self::ClientCloses | Self::FinWithoutClose | Self::PingTimeout => true,
            Self::Kick | Self::ContextClose | Self::Rate => true,
            Self::SlowClient | Self::SlowConsumer => true,
            // `expiring` sends something once the handler is done.
            Self::Expiry => false,
            // The handler's answers are sent first.
            Self::Shutdown | Self::BrokenProtocol | Self::NotUtf8 | Self::TooBig => false,
            // The client is gone and sees no close.
            Self::Lost => false,
            // The handler or hook is over by then.
            Self::FailedHook | Self::Panic => false,
        }
    }

    fn code(self) -> u16 {
        match self {
            Self::ClientCloses => 1000,
            Self::Lost | Self::FinWithoutClose | Self::PingTimeout => 1006,
            Self::Shutdown => 1001,
            Self::BrokenProtocol => 1002,
            Self::NotUtf8 => 1007,
            Self::TooBig => 1009,
            Self::Kick => 4000,
            Self::ContextClose => 4001,
            Self::Expiry => 4401,
            Self::Rate => 1008,
            Self::SlowClient | Self::SlowConsumer => 1013,
            Self::FailedHook | Self::Panic => 1011,
        }
    }

    /// The time for which the handler runs on after the end: less than `finish_timeout`.
    fn while_it_finishes(self) -> Duration {
        match self {
            // The witness must answer its own pings meanwhile.
            Self::PingTimeout => Duration::from_millis(50),
            _ => Duration::from_secs(4),
        }
    }

    /// Ends the connection in this way; returns the client, if it is still there.
    async fn happen(self, server: &Server, way: Way, mut client: Raw<AnyIo>) -> Option<Raw<AnyIo>> {
        match self {
            Self::ClientCloses => client.write(&masked(0x88, &1000_u16.to_be_bytes())).await,
            Self::Lost => return None,
            Self::FinWithoutClose => client.io.shutdown().await.unwrap(),
            Self::Shutdown => {
                let control = server.control.clone();
                let ten_seconds = Duration::from_secs(10);
                tokio::spawn(async move {
                    control
                        .shutdown_with(
                            Shutdown::default()
                                .spread(Duration::ZERO)
                                .deadline(ten_seconds),
                        )
                        .await
                });
            }
            Self::BrokenProtocol => client.write(&masked(0x83, b"")).await,
            Self::NotUtf8 => client.write(&masked(0x81, &[0xFF])).await,
            // The beginning is enough, because the header tells the length.
            Self::TooBig => client.write(&masked(0x81, &[b' '; 66_000])[..100]).await,
            Self::Kick => {
                let kicked = server.desks.user("client").close(4000, "kicked").await;
                assert_eq!(kicked.unwrap().reached, 1);
            }
            Self::SlowClient => {
                let text = "x".repeat(60_000);
                while server
                    .desks
                    .user("client")
                    .send(Bulk { text: text.clone() })
                    .await
                    .unwrap()
                    .reached
                    > 0
                {
                    tokio::task::yield_now().await;
                }
            }
            Self::SlowConsumer => {
                for _ in 0..2 {
                    server.desks.user("client").event(Tick).await.unwrap();
                }
            }
            Self::Rate => {
                // Pings are counted while a handler runs: more than allowed for over a second.
                for _ in 0..3 {
                    for _ in 0..2 {
                        client.write(&masked(0x89, b"")).await;
                    }
                    until_read(&mut client).await;
                    way.pass(Duration::from_millis(450)).await;
                }
                client.write(&masked(0x89, b"")).await;
                client.write(&masked(0x89, b"")).await;
            }
            // The handler or hook ends the connection itself.
            Self::ContextClose | Self::FailedHook | Self::Panic => {
                server.shared.gate.add_permits(1);
            }
            Self::PingTimeout | Self::Expiry => {}
        }
        Some(client)
    }
}

/// Sends a message as bytes.
async fn send(client: &mut Raw<AnyIo>, action: &str, payload: Value) {
    let text = json!({"action": action, "payload": payload}).to_string();
    client.write(&masked(0x81, text.as_bytes())).await;
}

/// Waits until the server has read what was sent.
async fn until_read(client: &mut Raw<AnyIo>) {
    client.write(&masked(0x89, b"read?")).await;
    while client.read().await.expect("a ping is answered") != (10, b"read?".to_vec()) {}
}

/// The actions that a client receives until its connection ends, and the code of the end.
async fn rest(client: &mut Raw<AnyIo>) -> (Vec<String>, Option<u16>) {
    let (mut actions, mut code) = (Vec::new(), None);
    while let Some((opcode, payload)) = client.read().await {
        match opcode {
            1 => {
                let message: Value = serde_json::from_slice(&payload).unwrap();
                actions.push(message["action"].as_str().unwrap().to_owned());
            }
            8 => {
                code = payload.first_chunk().map(|code| u16::from_be_bytes(*code));
                // This answers the server's close, or comes too late for an answer of the server's.
                let _ = client.io.write_all(&masked(0x88, &payload)).await;
            }
            _ => {}
        }
    }
    (actions, code)
}

/// Another client, which reads to the end of its connection.
async fn witness(server: &Server, way: Way) -> JoinHandle<Vec<String>> {
    let mut witness = open(way.to(server).await, "witness").await;
    tokio::spawn(async move {
        let mut actions = Vec::new();
        while let Some(frame) = witness.frame().await {
            if let Ok(text) = frame.to_text()
                && let Ok(message) = serde_json::from_str::<Value>(text)
                && let Some(action) = message["action"].as_str()
            {
                actions.push(action.to_owned());
            }
        }
        actions
    })
}

/// A connection that has begun to end while its handler runs.
struct Ending {
    end: End,
    server: Server,
    client: Option<Raw<AnyIo>>,
    /// All that the client has received, where its socket has been let go already.
    heard: Option<(Vec<String>, Option<u16>)>,
    witness: JoinHandle<Vec<String>>,
    waiting: u64,
}

impl Ending {
    /// A handler runs, as many messages wait behind it, and the connection begins to end.
    async fn begin(end: End, way: Way, waiting: u64) -> Self {
        let mut server = Server::with(end.options());
        let witness = witness(&server, way).await;
        let mut client = raw(way.to(&server).await, end.mode()).await;
        if let Some(then) = end.then() {
            send(&mut client, "hold", json!({"then": then})).await;
        }
        server.wait_for("holding").await;
        for number in 0..waiting {
            send(&mut client, "write", json!({"number": number})).await;
        }
        if end != End::PingTimeout {
            until_read(&mut client).await;
        }

        let mut client = end.happen(&server, way, client).await;
        if end.is_outlived() {
            server.wait_for("ended").await;
        }
        let mut heard = None;
        if end.closes_at_once() {
            // The client sees the end while the handler still runs.
            heard = Some(rest(client.as_mut().expect("it is there")).await);
        }
        Self {
            end,
            server,
            client,
            heard,
            witness,
            waiting,
        }
    }

    /// Waits for the end of the connection; also gives the notes of its consumer until then.
    async fn come_to_its_end(mut self) -> (Outcome, Vec<String>) {
        let (received, code) = match (self.heard, &mut self.client) {
            (Some(heard), _) => heard,
            (None, Some(client)) => rest(client).await,
            (None, None) => (Vec::new(), None),
        };
        let disconnected = format!("disconnected {}", self.end.code());
        let notes = self.server.wait_for(&disconnected).await;
        drop(self.client);
        let outcome = Outcome {
            waiting: self.waiting,
            unhandled: self.server.unhandled().await,
            handled: self.server.ledger(),
            received,
            code,
            witnessed: self.witness.await.unwrap(),
        };
        (outcome, notes)
    }
}

/// A handler runs, as many messages wait behind it, and the connection ends; the handler
/// is done in time.
async fn play(end: End, way: Way, waiting: u64) -> Outcome {
    let ending = Ending::begin(end, way, waiting).await;
    way.pass(end.while_it_finishes()).await;
    ending.server.open_the_gate();
    ending.come_to_its_end().await.0
}

/// The same, with a handler that goes on beyond its time.
async fn outlast(end: End, way: Way, waiting: u64) -> (Outcome, Vec<String>) {
    let ending = Ending::begin(end, way, waiting).await;
    way.pass(Duration::from_secs(6)).await;
    ending.come_to_its_end().await
}
