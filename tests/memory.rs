//! What a connection and a subscription keep in memory, counted by the allocator, as the
//! book's table has it.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as a test does"
)]

use std::{alloc::System, net::SocketAddr};

use axum::Router;
use chanx::{
    ChannelLayer, Channels, Connect, Consumer, Context, HandlerError, Message, Ping, Pong, channel,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Mutex, MutexGuard},
};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Over as many connections the growth of shared tables does not show.
const CONNECTIONS: usize = 64;

/// The topics that each of them subscribes to, where a test has any.
const TOPICS: usize = 20;

const KIB: usize = 1024;

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Text(String);

/// Asks for a text of so many bytes.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Give {
    bytes: usize,
}

/// Joins so many groups, each with a name as long as may be.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct JoinMany {
    groups: usize,
}

#[derive(Default, Connect, Consumer)]
struct Desk;

#[channel(name = "desk")]
impl Desk {
    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }

    #[ws_handler]
    async fn text(&mut self, _: Text) -> Pong {
        Pong
    }

    #[ws_handler]
    async fn give(&mut self, give: Give) -> Text {
        Text("x".repeat(give.bytes))
    }

    #[ws_handler]
    async fn join_many(
        &mut self,
        join: JoinMany,
        ctx: &mut Context<Self>,
    ) -> Result<Pong, HandlerError> {
        for group in 0..join.groups {
            // Each connection's are its own.
            let name = format!("{}-{group}-", ctx.connection_id());
            ctx.join(format!("{name:x<200}")).await?;
        }
        Ok(Pong)
    }
}

#[derive(Default, Connect, Consumer)]
struct Hub;

#[channel(name = "hub")]
impl Hub {
    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }

    #[topic("room:{room}")]
    async fn room(&mut self, _: String) -> Room {
        Room
    }
}

#[derive(Default, Consumer)]
struct Room;

#[channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }
}

/// Bytes that are allocated and not freed.
fn live() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

/// Clients that are connected, while no other test allocates.
struct Clients {
    clients: Vec<Client>,
    /// The live bytes before the connections came, and with them.
    before: usize,
    idle: usize,
    _alone: MutexGuard<'static, ()>,
}

impl Clients {
    async fn connect(path: &str) -> Self {
        static ALONE: Mutex<()> = Mutex::const_new(());
        let alone = ALONE.lock().await;
        let channels = Channels::new(ChannelLayer::new());
        let channels = channels.route::<Desk>("/ws").route::<Hub>("/hub");
        let app = Router::new().merge(channels);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async { axum::serve(listener, app).await.unwrap() });
        // The first connection makes everything that is made once.
        let mut first = Client::connect(address, path).await;
        first.ask("ping", "null").await;

        let mut clients = Vec::with_capacity(CONNECTIONS);
        let before = live();
        for _ in 0..CONNECTIONS {
            clients.push(Client::connect(address, path).await);
        }
        for client in &mut clients {
            client.ask("ping", "null").await;
        }
        clients.push(first);
        Self {
            clients,
            before,
            idle: live(),
            _alone: alone,
        }
    }
}

/// The bytes that one connection takes beyond what was live before.
fn each_beyond(before: usize) -> usize {
    live().saturating_sub(before) / CONNECTIONS
}

/// The bare socket, which keeps nothing.
struct Client(TcpStream);

impl Client {
    async fn connect(address: SocketAddr, path: &str) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\n\
             upgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        assert!(head.starts_with(b"HTTP/1.1 101"), "{}", head.escape_ascii());
        Self(stream)
    }

    /// Sends a frame; a mask of zeros leaves it as it is.
    async fn send(&mut self, opcode: u8, last: bool, payload: &[u8]) {
        let mut frame = vec![opcode | if last { 0x80 } else { 0 }];
        match payload.len() {
            short @ ..126 => frame.push(0x80 | u8::try_from(short).unwrap()),
            long => {
                frame.push(0x80 | 126);
                frame.extend(u16::try_from(long).unwrap().to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(payload);
        self.0.write_all(&frame).await.unwrap();
    }

    /// Reads the answer to the end, and forgets it.
    async fn skip(&mut self) {
        self.0.read_u8().await.unwrap();
        let length = match self.0.read_u8().await.unwrap() {
            126 => u64::from(self.0.read_u16().await.unwrap()),
            127 => self.0.read_u64().await.unwrap(),
            short => short.into(),
        };
        let mut payload = (&mut self.0).take(length);
        tokio::io::copy(&mut payload, &mut tokio::io::sink())
            .await
            .unwrap();
    }

    async fn ask(&mut self, action: &str, payload: &str) {
        let message = format!(r#"{{"action":"{action}","payload":{payload}}}"#);
        self.send(TEXT, true, message.as_bytes()).await;
        self.skip().await;
    }

    /// Subscribes to the topic, and is answered there.
    async fn subscribe(&mut self, topic: &str) {
        for action in ["subscribe", "ping"] {
            let message = format!(r#"{{"action":"{action}","topic":"{topic}"}}"#);
            self.send(TEXT, true, message.as_bytes()).await;
            self.skip().await;
        }
    }
}

const TEXT: u8 = 1;
const CONTINUATION: u8 = 0;

#[tokio::test]
async fn an_idle_connection_takes_little() {
    let clients = Clients::connect("/ws").await;

    let each = each_beyond(clients.before);
    assert!(each < 8 * KIB, "{each} bytes");
}

#[tokio::test]
async fn a_large_message_leaves_nothing_behind() {
    let mut clients = Clients::connect("/ws").await;
    let idle = clients.idle;
    for client in &mut clients.clients {
        let large = format!("\"{}\"", "x".repeat(63 * KIB));
        client.ask("text", &large).await;
    }

    let each = each_beyond(idle);
    assert!(each < KIB, "{each} bytes");
}

#[tokio::test]
async fn a_large_answer_leaves_nothing_behind() {
    let mut clients = Clients::connect("/ws").await;
    let idle = clients.idle;
    for client in &mut clients.clients {
        client.ask("give", "{\"bytes\":1048000}").await;
    }

    let each = each_beyond(idle);
    assert!(each < KIB, "{each} bytes");
}

#[tokio::test]
async fn a_message_of_many_fragments_leaves_nothing_behind() {
    let mut clients = Clients::connect("/ws").await;
    let idle = clients.idle;
    for client in &mut clients.clients {
        client
            .send(TEXT, false, br#"{"action":"text","payload":""#)
            .await;
        for _ in 0..4000 {
            client.send(CONTINUATION, false, b"x").await;
            client.send(CONTINUATION, false, b"").await;
        }
        client.send(CONTINUATION, true, b"\"}").await;
        client.skip().await;
    }

    let each = each_beyond(idle);
    assert!(each < KIB, "{each} bytes");
}

#[tokio::test]
async fn a_message_that_does_not_end_is_held_up_to_its_size() {
    let mut clients = Clients::connect("/ws").await;
    let idle = clients.idle;
    for client in &mut clients.clients {
        client.send(TEXT, false, &[b' '; 60 * KIB]).await;
        for _ in 0..1000 {
            client.send(CONTINUATION, false, b"").await;
        }
        // Between fragments, a ping is answered.
        client.send(9, true, b"").await;
        client.skip().await;
    }

    let each = each_beyond(idle);
    assert!((60 * KIB..66 * KIB).contains(&each), "{each} bytes");
}

#[tokio::test]
async fn as_many_groups_as_may_be_take_less_than_a_mebibyte() {
    let mut clients = Clients::connect("/ws").await;
    let idle = clients.idle;
    for client in &mut clients.clients {
        client.ask("join_many", "{\"groups\":1024}").await;
    }

    let each = each_beyond(idle);
    assert!(each < KIB * KIB, "{each} bytes");
}

#[tokio::test]
async fn a_long_query_is_kept_once() {
    let clients = Clients::connect(&format!("/ws?token={}", "x".repeat(8 * KIB))).await;

    let each = each_beyond(clients.before);
    assert!(each < 16 * KIB, "{each} bytes");
}

/// The bytes of one subscription, of clients that have each subscribed to its topics.
async fn subscribed(topic: impl Fn(usize, usize) -> String) -> usize {
    let mut clients = Clients::connect("/hub").await;
    for (number, client) in clients.clients.iter_mut().enumerate() {
        // The first subscription makes what each connection with any has.
        client.subscribe(&topic(number, TOPICS)).await;
    }
    let before = live();
    for (number, client) in clients.clients[..CONNECTIONS].iter_mut().enumerate() {
        for room in 0..TOPICS {
            client.subscribe(&topic(number, room)).await;
        }
    }
    each_beyond(before) / TOPICS
}

#[tokio::test]
async fn an_idle_subscription_to_a_room_of_many_takes_little() {
    let each = subscribed(|_, room| format!("room:{room}")).await;

    assert!(each <= 3 * KIB / 2, "{each} bytes");
}

#[tokio::test]
async fn an_idle_subscription_to_a_room_of_its_own_takes_little() {
    let each = subscribed(|client, room| format!("room:{client}-{room}")).await;

    assert!(each <= 3 * KIB / 2, "{each} bytes");
}
