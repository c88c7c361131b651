//! The way of one layer to its broker.

mod membership;
mod publish;
mod turns;
mod way;

use std::{
    fmt,
    future::Future,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::FutureExt;
use parking_lot::Mutex;
use tokio::{runtime::Handle, sync::watch, time::timeout};
use tracing::{debug, warn};

use self::way::{State, Way};
use super::{
    Broker, answers::Answers, arrivals::Arrivals, counts::Counts, decoders::Decoders,
    interests::Interests, probe::Probe, questions::Questions, recent::Recent, seam::AnyBroker,
};
use crate::{
    connection::EventDecoder,
    identity::NodeId,
    layer::{error::BrokerError, health::Health},
};

/// The time that a broker may take for anything that it is asked.
pub(super) const WITHIN: Duration = Duration::from_secs(5);

/// The way of one layer to its broker.
pub(in crate::layer) struct Link {
    pub(super) node: NodeId,
    pub(super) broker: Box<dyn AnyBroker>,
    pub(super) interests: Interests,
    pub(super) arrivals: Arrivals,
    pub(super) counts: Counts,
    pub(super) decoders: Decoders,
    pub(super) recent: Mutex<Recent>,
    pub(super) questions: Questions,
    pub(super) answers: Answers,
    way: Way,
    probe: Probe,
    closed: watch::Sender<bool>,
    ids: AtomicU64,
    /// The runtime of the timers, also for a publisher on a plain thread.
    runtime: Handle,
}

impl Link {
    pub(in crate::layer) fn new(node: NodeId, broker: impl Broker) -> Arc<Self> {
        Arc::new(Self {
            node,
            broker: Box::new(broker),
            interests: Interests::default(),
            arrivals: Arrivals::default(),
            counts: Counts::default(),
            decoders: Decoders::default(),
            recent: Mutex::default(),
            questions: Questions::default(),
            answers: Answers::default(),
            way: Way::new(),
            probe: Probe::default(),
            closed: watch::Sender::new(false),
            ids: AtomicU64::new(1),
            runtime: Handle::current(),
        })
    }

    /// Tells when the layer is gone.
    pub(super) fn closing(&self) -> watch::Receiver<bool> {
        self.closed.subscribe()
    }

    /// Ends the engine and the broker's tasks.
    pub(in crate::layer) fn close(&self) {
        self.closed.send_replace(true);
    }

    pub(super) fn is_closed(&self) -> bool {
        *self.closed.borrow()
    }

    pub(super) async fn closed(&self) {
        let mut closed = self.closed.subscribe();
        // An error says that the sender is gone, which this link owns.
        let _ = closed.wait_for(|closed| *closed).await;
    }

    /// Learns how the events of a channel are read.
    pub(in crate::layer) fn learn(&self, channel: &'static str, decode: EventDecoder) {
        self.decoders.learn(channel, decode);
    }

    pub(in crate::layer) fn health(&self) -> Health {
        let numbers = self.interests.count();
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Health {
            is_connected: self.way.state() == State::Up,
            gaps: read(&self.counts.gaps),
            told: read(&self.counts.told),
            failed: read(&self.counts.failed),
            unpublished: read(&self.counts.unpublished),
            unreadable: read(&self.counts.unreadable),
            subscriptions: numbers.stand,
            pending: numbers.pending,
            refused: numbers.refused,
        }
    }

    /// Counts what has come and cannot be read. The log has the first at `warn`, since
    /// whoever sends it may go on, and nothing of its contents.
    pub(super) fn note_unreadable(&self, error: &dyn fmt::Display) {
        let before = Counts::add(&self.counts.unreadable);
        if before == 0 {
            warn!(%error, "a message from the broker cannot be read; further ones are counted");
        } else {
            debug!(%error, "a message from the broker cannot be read");
        }
    }

    fn next_id(&self) -> u64 {
        self.ids.fetch_add(1, Ordering::Relaxed)
    }
}

/// Gives a broker its time. A broker that panics has failed, and nothing else has.
pub(super) async fn within<T>(
    asked: impl Future<Output = Result<T, BrokerError>>,
) -> Result<T, BrokerError> {
    let asked = AssertUnwindSafe(asked).catch_unwind();
    match timeout(WITHIN, asked).await {
        Ok(Ok(answered)) => answered,
        Ok(Err(_)) => Err(BrokerError::failed("the broker has panicked")),
        Err(_) => Err(BrokerError::TimedOut { within: WITHIN }),
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("node", &self.node)
            .field("health", &self.health())
            .finish_non_exhaustive()
    }
}
