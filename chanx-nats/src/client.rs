//! The client of NATS, while there is one, and what it says.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_nats::{Client, Event, ServerError};
use chanx_core::layer::{BrokerError, Inbound};
use parking_lot::Mutex;
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};
use tracing::{debug, error};

use crate::{
    confirm::Confirmations,
    merge::Merge,
    refusals::{Refusals, Untold},
};

/// The time between two looks at the client's own count of its connections.
const LOOK: Duration = Duration::from_secs(1);

/// The client, and what belongs to its node.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    client: Mutex<Option<Client>>,
    pub(crate) merge: Merge,
    pub(crate) confirmations: Confirmations,
    /// Changes with every outage.
    outages: watch::Sender<u64>,
    is_away: AtomicBool,
    /// The number of connections that there had been when the client last said that it
    /// has one.
    connects: AtomicU64,
    pub(crate) refusals: Refusals,
    /// The last thing that the server has complained of.
    complaint: Mutex<Option<String>>,
}

impl Shared {
    pub(crate) fn set(&self, client: Client) {
        self.connects.store(connects(&client), Ordering::Relaxed);
        *self.client.lock() = Some(client);
    }

    /// The client, unless it is not connected.
    pub(crate) fn client(&self) -> Result<Client, BrokerError> {
        if self.is_away.load(Ordering::Acquire) {
            return Err(BrokerError::Away);
        }
        self.client.lock().clone().ok_or(BrokerError::Away)
    }

    pub(crate) fn outages(&self) -> watch::Receiver<u64> {
        self.outages.subscribe()
    }

    /// The thing that the server has complained of since this was asked last.
    pub(crate) fn complaint(&self) -> Option<String> {
        self.complaint.lock().take()
    }

    /// Lets go of the client, which ends with its last handle.
    pub(crate) fn close(&self) {
        self.client.lock().take();
        self.merge.clear();
    }

    /// Hears what the client says.
    pub(crate) fn hear(&self, event: Event, prefix: &str, inbound: &Inbound) {
        match event {
            Event::Connected => {
                // Without a client it is the first, which nobody has been told of.
                if let Some(number) = self.count() {
                    self.connected(number, inbound);
                }
            }
            Event::Disconnected => self.away(inbound),
            Event::SlowConsumer(_) => self.merge.note_missed(),
            Event::ServerError(ServerError::Other(text)) => {
                error!(text, "NATS complains");
                let address = |subject: &str| subject.strip_prefix(prefix)?.parse().ok();
                match self.refusals.hear(&text) {
                    Some(Untold::Subscription(subject)) => {
                        address(&subject).inspect(|address| inbound.refused(address));
                    }
                    Some(Untold::Publication(subject)) => {
                        address(&subject).inspect(|address| inbound.unpublished(address));
                    }
                    None => {}
                }
                *self.complaint.lock() = Some(text);
            }
            event => debug!(%event, "the client of NATS says something"),
        }
    }

    /// Notes the connection of that number. If it is a new one, the one before has ended,
    /// which the client may not have told: it drops what it has to say when it has too
    /// much of it.
    fn connected(&self, number: u64, inbound: &Inbound) {
        let is_new = number != self.connects.load(Ordering::Relaxed);
        if is_new && !self.is_away.load(Ordering::Acquire) {
            self.away(inbound);
        }
        self.back(number, inbound);
    }

    fn away(&self, inbound: &Inbound) {
        self.is_away.store(true, Ordering::Release);
        self.outages.send_modify(|outages| *outages += 1);
        // The layer subscribes to everything anew, in batches, instead of the client.
        self.merge.clear();
        inbound.away();
    }

    fn back(&self, number: u64, inbound: &Inbound) {
        self.connects.store(number, Ordering::Relaxed);
        self.is_away.store(false, Ordering::Release);
        inbound.back();
    }

    /// The number of the connection that the client has, or had last.
    fn count(&self) -> Option<u64> {
        self.client.lock().as_ref().map(connects)
    }

    /// Finds outages of which the client has told neither beginning nor end.
    pub(crate) async fn keep_looking(&self, inbound: &Inbound) {
        let mut ticks = interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut before = None;
        loop {
            ticks.tick().await;
            let Some(number) = self.count() else {
                continue;
            };
            let is_untold = number != self.connects.load(Ordering::Relaxed);
            // Seen twice, because it may only not have been heard yet.
            if is_untold && before == Some(number) {
                self.connected(number, inbound);
            }
            before = Some(number);
        }
    }
}

/// The number of connections that a client has had: what was sent by one of them and is
/// not confirmed before there is another may be lost.
pub(crate) fn connects(client: &Client) -> u64 {
    client.statistics().connects.load(Ordering::Relaxed)
}

/// Does a node's work until its layer is gone.
pub(crate) async fn run(
    shared: Arc<Shared>,
    inbound: Inbound,
    client: Client,
    confirm: String,
    answers: async_nats::Subscriber,
) {
    let outages = shared.outages();
    let confirmations = &shared.confirmations;
    tokio::select! {
        () = inbound.closed() => {}
        () = shared.merge.keep_merging(&inbound) => {}
        () = shared.keep_looking(&inbound) => {}
        () = confirmations.keep_confirming(&client, &confirm, answers, outages) => {}
    }
    shared.close();
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use bytes::Bytes;
    use chanx_core::{
        ChannelLayer,
        layer::{Address, Broker, NodeId, Published},
    };

    use super::*;

    /// Knows nobody, and gives away its way in.
    #[derive(Clone, Default)]
    struct Nobody(Arc<OnceLock<Inbound>>);

    impl Broker for Nobody {
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

    #[tokio::test]
    async fn each_new_connection_ends_an_outage_whatever_the_client_has_told_of_it() {
        let nobody = Nobody::default();
        let layer = ChannelLayer::connect(nobody.clone()).await.unwrap();
        let inbound = nobody.0.get().unwrap();
        let shared = Shared::default();
        shared.connects.store(1, Ordering::Relaxed);

        shared.connected(1, inbound);
        assert_eq!(layer.health().gaps, 0, "it is the first");
        for number in 2..4 {
            shared.connected(number, inbound);
            assert_eq!(layer.health().gaps, number - 1);
            assert!(layer.health().is_connected);
        }
        shared.away(inbound);
        shared.connected(4, inbound);
        assert_eq!(layer.health().gaps, 3, "an outage that was told is one");
    }
}
