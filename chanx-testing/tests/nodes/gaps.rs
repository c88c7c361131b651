//! The place of a gap among what is received.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use chanx::{
    ChannelLayer, ChannelOptions, Channels, Ping,
    layer::{Address, Broker, BrokerError, Inbound, NodeId, Published},
};
use chanx_testing::Communicator;

use crate::{Room, lagged};

/// Hands over what a test gives it, and nothing else.
#[derive(Default, Clone)]
struct ByHand(Arc<OnceLock<Inbound>>);

impl Broker for ByHand {
    async fn start(&self, inbound: Inbound, _: NodeId) -> Result<(), BrokerError> {
        self.0.get_or_init(|| inbound);
        Ok(())
    }

    async fn subscribe(&self, _: &[Address]) -> Result<(), BrokerError> {
        Ok(())
    }

    async fn unsubscribe(&self, _: &[Address]) -> Result<(), BrokerError> {
        Ok(())
    }

    async fn publish(&self, _: &[Address], _: Bytes) -> Result<Published, BrokerError> {
        Ok(Published::new())
    }
}

const PING: &str = r#"{"chanx": 1, "publish": {"channel": "room",
    "target": {"groups": ["lobby"]}, "content": {"message": {"action": "ping"}}}}"#;

/// More than are delivered without leaving others a turn.
const MANY: usize = 1000;

#[tokio::test(start_paused = true)]
async fn a_gap_is_told_behind_what_was_received_before_it() {
    let broker = ByHand::default();
    let layer = ChannelLayer::connect(broker.clone()).await.unwrap();
    let app = Channels::new(layer.clone())
        .options(ChannelOptions::default().outbox_frames(2 * MANY))
        .route::<Room>("/ws")
        .into_router();
    let mut member = Communicator::<Room>::connect(&app, "/ws").await;
    let inbound = broker.0.get().unwrap();

    let tell: [fn(&Inbound); 2] = [Inbound::missed, |inbound| {
        inbound.away();
        inbound.back();
    }];
    for tell in tell {
        for _ in 0..MANY {
            inbound.receive(PING.into());
        }
        tell(inbound);

        for _ in 0..MANY {
            member.receive::<Ping>().await;
        }
        lagged(&mut member).await;
        member.receive_nothing().await;
    }
}
