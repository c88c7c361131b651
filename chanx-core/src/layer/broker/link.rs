//! The way of one layer to its broker.

use std::{
    collections::HashSet,
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
    time::{sleep, timeout},
};
use tracing::{info, warn};

use super::{
    Address, Broker, Health, Members, Published, arrivals::Arrivals, format, health::Counts,
    interests::Interests, questions::Questions, recent::Recent, seam::AnyBroker,
};
use crate::{
    connection::{Publication, Receipt, Target},
    identity::{ConnectionId, NodeId},
    layer::error::{BrokerError, LayerError},
    wire::EncodeError,
};

/// The time that a broker may take for anything that it is asked.
pub(super) const WITHIN: Duration = Duration::from_secs(5);

/// The time that a join waits until its subscription stands.
const JOIN_WITHIN: Duration = Duration::from_secs(1);

/// The time that a publisher waits for the node of a single connection.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);

/// The most answers to other nodes that may wait.
const ANSWERS: usize = 1024;

/// The state of the way to other nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    /// Publications go out, and nothing comes back.
    Deaf,
    /// The broker says that it cannot be reached.
    Away,
}

/// The way of one layer to its broker.
pub(in crate::layer) struct Link {
    pub(super) node: NodeId,
    pub(super) broker: Box<dyn AnyBroker>,
    pub(super) interests: Interests,
    pub(super) arrivals: Arrivals,
    pub(super) counts: Counts,
    pub(super) recent: Mutex<Recent>,
    pub(super) questions: Questions,
    way: watch::Sender<Way>,
    closed: watch::Sender<bool>,
    answers: mpsc::Sender<(NodeId, Bytes)>,
    ids: AtomicU64,
    /// The probe that has not come back; 0 where there is none.
    probe: AtomicU64,
    /// The runtime of the timers, also for a publisher on a plain thread.
    runtime: Handle,
}

/// The answers that wait to be published.
pub(in crate::layer) type Answers = mpsc::Receiver<(NodeId, Bytes)>;

impl Link {
    pub(in crate::layer) fn new(node: NodeId, broker: impl Broker) -> (Arc<Self>, Answers) {
        let (answers, waiting) = mpsc::channel(ANSWERS);
        let link = Self {
            node,
            broker: Box::new(broker),
            interests: Interests::default(),
            arrivals: Arrivals::default(),
            counts: Counts::default(),
            recent: Mutex::default(),
            questions: Questions::default(),
            way: watch::Sender::new(Way::Up),
            closed: watch::Sender::new(false),
            answers,
            ids: AtomicU64::new(1),
            probe: AtomicU64::new(0),
            runtime: Handle::current(),
        };
        (Arc::new(link), waiting)
    }

    /// Tells when the layer is gone.
    pub(super) fn closing(&self) -> watch::Receiver<bool> {
        self.closed.subscribe()
    }

    /// Ends the engine and the broker's tasks.
    pub(in crate::layer) fn close(&self) {
        self.closed.send_replace(true);
    }

    pub(super) async fn closed(&self) {
        let mut closed = self.closed.subscribe();
        // An error says that the sender is gone, which this link owns.
        let _ = closed.wait_for(|closed| *closed).await;
    }

    /// Waits until the way gets better or worse than it is now.
    pub(super) fn turned(&self) -> impl Future<Output = ()> {
        let mut way = self.way.subscribe();
        async move {
            // An error says that the sender is gone, which this link owns.
            let _ = way.changed().await;
        }
    }

    pub(in crate::layer) fn want(&self, address: Address) {
        self.interests.want(address);
    }

    pub(in crate::layer) fn unwant(&self, address: &Address) {
        self.interests.unwant(address);
    }

    /// Waits until what is published to these addresses elsewhere arrives here:
    /// a second at most, and not at all while the broker is away.
    ///
    /// Who does not wait to the end is told later that something may be missing.
    pub(in crate::layer) async fn settle(&self, addresses: &[Address]) {
        let all_stand = async {
            for address in addresses {
                self.interests.ready(address).await;
            }
        };
        let mut way = self.way.subscribe();
        tokio::select! {
            biased;
            () = all_stand => return,
            _ = way.wait_for(|way| *way != Way::Up) => {}
            () = sleep(JOIN_WITHIN) => {}
        }
        for address in addresses {
            self.interests.miss(address);
        }
    }

    pub(in crate::layer) fn health(&self) -> Health {
        let (subscriptions, pending) = self.interests.count();
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Health {
            is_connected: self.way() == Way::Up,
            gaps: read(&self.counts.gaps),
            told: read(&self.counts.told),
            failed: read(&self.counts.failed),
            unreadable: read(&self.counts.unreadable),
            subscriptions,
            pending,
        }
    }

    pub(in crate::layer) fn count_unreadable(&self) {
        Counts::add(&self.counts.unreadable);
    }

    fn way(&self) -> Way {
        *self.way.borrow()
    }
}

/// Publishing.
impl Link {
    /// Delivers to the members of this node, and then has it delivered to those of others.
    pub(in crate::layer) async fn publish(
        &self,
        members: &dyn Members,
        publication: &Publication,
    ) -> Result<Receipt, LayerError> {
        let channel = &publication.channel;
        let addresses: Vec<_> = match &publication.target {
            Target::Groups(groups) => {
                let mut named = HashSet::new();
                let groups = groups.iter().filter(|group| named.insert(*group));
                groups
                    .map(|group| Address::Group {
                        channel: channel.clone(),
                        group: group.clone(),
                    })
                    .collect()
            }
            Target::User(user) => vec![Address::User {
                channel: channel.clone(),
                user: user.clone(),
            }],
            Target::Connection(id) => return self.publish_to_one(members, *id, publication).await,
            Target::Member(id) => {
                return self
                    .publish_to_one(members, id.connection, publication)
                    .await;
            }
        };
        let id = (addresses.len() > 1).then(|| self.next_id());
        let message = self.encode(id, false, publication)?;
        let here = members.deliver(publication).await?;
        match self.send(&addresses, message).await {
            Ok(published) => Ok(Receipt {
                nodes: self.others(&addresses, published),
                ..here
            }),
            Err(source) => Err(LayerError::OtherNodes { here, source }),
        }
    }

    /// The number of other nodes that have it, which only one address can say.
    fn others(&self, addresses: &[Address], published: Published) -> Option<usize> {
        let ([address], Some(nodes)) = (addresses, published.subscriptions) else {
            return None;
        };
        Some(nodes.saturating_sub(self.interests.is_subscribed(address).into()))
    }

    async fn publish_to_one(
        &self,
        members: &dyn Members,
        connection: ConnectionId,
        publication: &Publication,
    ) -> Result<Receipt, LayerError> {
        if connection.node() == self.node {
            return members.deliver(publication).await;
        }
        let id = self.next_id();
        let message = self.encode(Some(id), true, publication)?;
        let mut question = self.questions.ask(id);
        let node = [Address::Node(connection.node())];
        let published = self.send(&node, message).await;
        let published = published.map_err(|source| LayerError::OtherNodes {
            here: Receipt::default(),
            source,
        })?;
        let unknown = Receipt {
            unknown: 1,
            ..Receipt::default()
        };
        if published.subscriptions == Some(0) {
            // The node is gone, or is about to subscribe again: nobody can say which.
            return Ok(unknown);
        }
        let answer = async { timeout(ANSWER_WITHIN, &mut question.answer).await };
        match self.on_runtime(answer).await {
            Ok(Ok(answer)) => answer.into_receipt(connection, &publication.channel),
            Ok(Err(_)) | Err(_) => Ok(unknown),
        }
    }

    fn encode(
        &self,
        id: Option<u64>,
        asks: bool,
        publication: &Publication,
    ) -> Result<Bytes, EncodeError> {
        format::publication(self.node, id, asks, publication)
            .map_err(|source| EncodeError::new(publication.action(), source))
    }

    /// Publishes within bounds: at once an error where the broker is away.
    async fn send(&self, addresses: &[Address], message: Bytes) -> Result<Published, BrokerError> {
        let mut way = self.way.subscribe();
        let sending = async {
            tokio::select! {
                biased;
                _ = way.wait_for(|way| *way == Way::Away) => Err(BrokerError::Away),
                published = within(self.broker.publish(addresses, message)) => published,
            }
        };
        let published = self.on_runtime(sending).await;
        if published.is_err() {
            Counts::add(&self.counts.failed);
        }
        published
    }

    /// Runs a future that has timers, wherever it is polled.
    async fn on_runtime<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|cx| {
            let _entered = self.runtime.enter();
            future.as_mut().poll(cx)
        })
        .await
    }

    fn next_id(&self) -> u64 {
        self.ids.fetch_add(1, Ordering::Relaxed)
    }
}

/// The health of the way.
impl Link {
    pub(super) fn away(&self) {
        let is_new = self.turn(|_| true, Way::Away);
        if is_new {
            self.interests.lose();
            Counts::add(&self.counts.gaps);
            warn!(node = %self.node, "the broker cannot be reached");
        }
    }

    pub(super) fn back(&self) {
        if self.turn(|way| way == Way::Away, Way::Up) {
            self.probe.store(0, Ordering::Relaxed);
            self.interests.renew();
            self.interests.note_gap();
            info!(node = %self.node, "the broker can be reached again");
        }
    }

    pub(super) fn missed(&self) {
        if self.interests.note_gap() {
            Counts::add(&self.counts.gaps);
            warn!(node = %self.node, "the broker has dropped something for this node");
        }
    }

    /// Sends this node a message; where the one before has not come back, it is deaf.
    pub(super) async fn probe(&self) {
        let last = self.probe.load(Ordering::Relaxed);
        if last != 0 && self.way() != Way::Away {
            if self.turn(|way| way == Way::Up, Way::Deaf) {
                Counts::add(&self.counts.gaps);
                warn!(node = %self.node, "nothing comes from the broker: subscribing again");
            }
            self.interests.renew();
        }
        let probe = self.next_id();
        self.probe.store(probe, Ordering::Relaxed);
        let message = format::probe(self.node, probe);
        // One that could not be sent does not come back, which tells enough.
        let _ = within(self.broker.publish(&[Address::Node(self.node)], message)).await;
    }

    /// Notes that a message of this node's to itself has come back.
    pub(super) fn heard(&self, probe: u64) {
        let is_last = self
            .probe
            .compare_exchange(probe, 0, Ordering::Relaxed, Ordering::Relaxed);
        if is_last.is_ok() && self.turn(|way| way == Way::Deaf, Way::Up) {
            self.interests.note_gap();
            info!(node = %self.node, "the broker is heard again");
        }
    }

    /// Answers another node, unless too many answers wait already.
    pub(super) fn answer(&self, node: NodeId, answer: Bytes) {
        // Without an answer the publisher is told that it is not known.
        let _ = self.answers.try_send((node, answer));
    }

    fn turn(&self, from: impl Fn(Way) -> bool, to: Way) -> bool {
        self.way.send_if_modified(|way| {
            let turns = *way != to && from(*way);
            if turns {
                *way = to;
            }
            turns
        })
    }
}

/// Gives a broker its time.
pub(super) async fn within<T>(
    asked: impl Future<Output = Result<T, BrokerError>>,
) -> Result<T, BrokerError> {
    let answered = timeout(WITHIN, asked).await;
    answered.unwrap_or(Err(BrokerError::TimedOut { within: WITHIN }))
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link")
            .field("node", &self.node)
            .field("health", &self.health())
            .finish_non_exhaustive()
    }
}
