//! The process that serves members, and the one that publishes, with chanx.

use chanx::{Broadcaster, ChannelLayer, Channels, Connect, Consumer, Message, channel};
use chanx_nats::NatsBroker;
use chanx_redis::RedisBroker;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use super::{Failure, TEXT, now, obey};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Line {
    sent: u64,
    text: String,
}

#[derive(Default, Connect, Consumer)]
struct Room;

#[channel(name = "room", groups = ["lobby"], sends(Line))]
impl Room {}

pub(crate) async fn connect(url: &str) -> Result<ChannelLayer, Failure> {
    Ok(if url.starts_with("nats:") {
        ChannelLayer::connect(NatsBroker::new(url)).await?
    } else {
        ChannelLayer::connect(RedisBroker::new(url)).await?
    })
}

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn serve(way: &str, url: &str) -> Result<(), Failure> {
    let layer = match way {
        "local" => ChannelLayer::new(),
        _ => connect(url).await?,
    };
    let channels: Channels = Channels::new(layer.clone()).route::<Room>("/room");
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let app = axum::Router::new().merge(channels);
    tokio::spawn(async move { axum::serve(listener, app).await });
    broadcast(&layer).await
}

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn publish(url: &str) -> Result<(), Failure> {
    let layer = connect(url).await?;
    println!("ready");
    broadcast(&layer).await
}

async fn broadcast(layer: &ChannelLayer) -> Result<(), Failure> {
    let rooms = Broadcaster::<Room>::new(layer);
    obey(async || {
        let (sent, text) = (now(), TEXT.to_owned());
        rooms.broadcast(Line { sent, text }).await?;
        Ok(())
    })
    .await
}
