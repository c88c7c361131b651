//! The server that `scripts/bench` measures: an echo and a broadcast, with default options.
//!
//! Run with `cargo run --release --example bench_server`; `PORT` chooses a
//! port, `TOKIO_WORKER_THREADS` the number of threads, `DEFLATE=1` compresses.

use std::{env, io, net::Ipv4Addr};

use axum::{Router, extract::Path, serve::ListenerExt};
use chanx::{
    ChannelLayer, ChannelOptions, Channels, Compression, Connect, Consumer, Context, HandlerError,
    Message, Ping, Pong, Rejection, channel,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

/// A text that comes back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "echo")]
struct EchoMessage {
    message: String,
}

/// A text that everyone in the group gets.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "broadcast")]
struct BroadcastMessage {
    message: String,
}

#[derive(Default, Connect, Consumer)]
struct Echo;

#[channel(name = "echo")]
impl Echo {
    #[ws_handler]
    async fn echo(&self, message: EchoMessage) -> EchoMessage {
        message
    }

    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }
}

/// One group for all.
#[derive(Default, Connect, Consumer)]
struct Everyone;

#[channel(name = "broadcast", groups = ["everyone"], sends(BroadcastMessage))]
impl Everyone {
    #[ws_handler]
    async fn broadcast(
        &self,
        message: BroadcastMessage,
        ctx: &mut Context<Self>,
    ) -> Result<(), HandlerError> {
        ctx.broadcast(message).await?;
        Ok(())
    }
}

/// A group by path.
struct Group {
    name: String,
}

impl Connect for Group {
    type Handshake = Path<String>;

    async fn connect(Path(name): Self::Handshake) -> Result<Self, Rejection> {
        Ok(Self { name })
    }
}

impl Consumer for Group {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        ctx.join(self.name.as_str()).await?;
        Ok(())
    }
}

#[channel(name = "group", sends(BroadcastMessage))]
impl Group {
    #[ws_handler]
    async fn broadcast(
        &self,
        message: BroadcastMessage,
        ctx: &mut Context<Self>,
    ) -> Result<(), HandlerError> {
        ctx.broadcast(message).await?;
        Ok(())
    }
}

#[tokio::main]
async fn main() -> io::Result<()> {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_writer(io::stderr)
        .init();
    let port = env::var("PORT").ok().and_then(|port| port.parse().ok());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(3000))).await?;
    println!("listening on {}", listener.local_addr()?);

    let compresses = env::var_os("DEFLATE").is_some_and(|it| it == "1");
    let options = ChannelOptions::default().compression(compresses.then(Compression::default));
    let channels = Channels::new(ChannelLayer::new())
        .options(options)
        .route::<Echo>("/ws/echo")
        .route::<Everyone>("/ws/broadcast")
        .route::<Group>("/ws/broadcast/{group}");
    let app: Router = Router::new().merge(channels);
    let listener = listener.tap_io(|stream| {
        // Without it a small frame may wait for an acknowledgement.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, app).await
}
