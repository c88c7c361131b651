//! What comes of a node that hears nothing, or hears it late.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use chanx::{
    ChannelLayer, Pong,
    layer::{Address, Broker, BrokerError, Inbound, NodeId, Published},
};
use chanx_testing::{Communicator, broker::Exchange};
use tokio::time::sleep;

use crate::{Fill, Many, Node, lagged, many};

#[tokio::test(start_paused = true)]
async fn a_subscription_that_is_deaf_is_found_out_and_told() {
    let exchange = Exchange::new();
    let node = Node::new(&exchange).await;
    let mut member = node.member().await;

    exchange.deafen(true);
    sleep(Duration::from_secs(16)).await;
    assert!(!node.layer.health().is_connected);
    exchange.deafen(false);
    sleep(Duration::from_secs(6)).await;

    assert!(node.layer.health().is_connected);
    lagged(&mut member).await;
    member.receive_nothing().await;
    assert_eq!(node.layer.health().told, 1);
}

#[tokio::test(start_paused = true)]
async fn a_node_that_hears_itself_too_late_goes_on_telling_its_members() {
    let exchange = Exchange::new();
    let node = Node::new(&exchange).await;
    let mut member = node.member().await;

    exchange.delay(Duration::from_secs(7));
    sleep(Duration::from_secs(60)).await;
    exchange.delay(Duration::ZERO);
    lagged(&mut member).await;

    sleep(Duration::from_secs(20)).await;
    assert!(node.layer.health().is_connected);
}

/// Subscribes slowly once it is deaf, and hears again what it subscribes to then.
#[derive(Default)]
struct Slow {
    inbound: OnceLock<Inbound>,
    is_deaf: Arc<AtomicBool>,
    hears: AtomicBool,
}

impl Broker for Slow {
    async fn start(&self, inbound: Inbound, _: NodeId) -> Result<(), BrokerError> {
        self.inbound.get_or_init(|| inbound);
        Ok(())
    }

    async fn subscribe(&self, addresses: &[Address]) -> Result<(), BrokerError> {
        if self.is_deaf.load(Ordering::Relaxed) {
            sleep(Duration::from_secs(3)).await;
            let has_own = addresses.iter().any(|it| matches!(it, Address::Node(_)));
            self.hears.fetch_or(has_own, Ordering::Relaxed);
        }
        Ok(())
    }

    async fn unsubscribe(&self, _: &[Address]) -> Result<(), BrokerError> {
        Ok(())
    }

    async fn publish(&self, _: &[Address], message: Bytes) -> Result<Published, BrokerError> {
        let is_deaf = self.is_deaf.load(Ordering::Relaxed);
        if let Some(inbound) = self.inbound.get()
            && (!is_deaf || self.hears.load(Ordering::Relaxed))
        {
            inbound.receive(message);
        }
        Ok(Published::new())
    }
}

#[tokio::test(start_paused = true)]
async fn a_node_with_many_groups_hears_again_before_all_are_subscribed_to() {
    let broker = Slow::default();
    let is_deaf = broker.is_deaf.clone();
    let layer = ChannelLayer::connect(broker).await.unwrap();
    let app = many(&layer);
    let mut members = Vec::new();
    for from in [0, 1000, 2000, 3000, 4000] {
        let mut member = Communicator::<Many>::connect(&app, "/many").await;
        member.request::<Pong>(&Fill { from }).await;
        members.push(member);
    }
    assert_eq!(layer.health().subscriptions, 5001);

    is_deaf.store(true, Ordering::Relaxed);
    sleep(Duration::from_secs(25)).await;
    assert!(layer.health().is_connected);
}
