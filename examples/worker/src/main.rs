//! A process that serves nobody, and announces something in a room of the chat.
//!
//! ```text
//! REDIS_URL=redis://127.0.0.1 cargo run --example chat
//! REDIS_URL=redis://127.0.0.1 cargo run -p chanx-example-worker -- lobby "The room closes at six."
//!
//! worker ─event─▶ redis ─▶ chat ─▶ every Room ─message─▶ its browser
//! ```
//!
//! Or both with `NATS_URL=nats://127.0.0.1`, by way of NATS.

use std::{env, error::Error};

use chanx::{Broadcaster, ChannelLayer, Connect, Consumer, Event, channel, layer::BrokerError};
use chanx_nats::NatsBroker;
use chanx_redis::RedisBroker;
use serde::{Deserialize, Serialize};

/// Something was announced, as the chat has it too: in an application, both have
/// it from a library.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
struct Announced {
    room: String,
    message: String,
}

/// The chat's channel, as far as others publish to it. Nobody connects to it here.
#[derive(Default, Connect, Consumer)]
struct Room;

#[channel(name = "room")]
impl Room {
    #[event_handler]
    async fn announced(&mut self, _: Announced) {}
}

/// A layer at the broker of the chat, which is told by the same variable.
async fn layer() -> Result<ChannelLayer, BrokerError> {
    if let Ok(url) = env::var("NATS_URL") {
        ChannelLayer::connect(NatsBroker::new(url)).await
    } else {
        let url = env::var("REDIS_URL").unwrap_or_else(|_| "redis://127.0.0.1".to_owned());
        ChannelLayer::connect(RedisBroker::new(url)).await
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = env::args().skip(1);
    let (Some(room), Some(message)) = (words.next(), words.next()) else {
        return Err("say where, and what: worker ROOM MESSAGE".into());
    };
    let layer = layer().await?;
    let group = format!("room.{room}");
    let rooms = Broadcaster::<Room>::new(&layer);
    let receipt = rooms.event(Announced { room, message }).to(group).await?;

    match receipt.nodes {
        Some(nodes) => println!("processes that have got it: {nodes}"),
        None => println!("the broker has got it"),
    }
    Ok(())
}
