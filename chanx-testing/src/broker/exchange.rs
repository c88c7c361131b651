//! The broker that joins the layers of one process.

use std::{
    collections::{HashMap, HashSet},
    future::pending,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use chanx_core::layer::{Address, Broker, BrokerError, Inbound, NodeId, Published};
use parking_lot::Mutex;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

/// Joins the layers of one process, for tests.
///
/// Give each layer a [`broker`](Self::broker) of its own. Clones are the same
/// exchange.
#[derive(Debug, Clone, Default)]
pub struct Exchange(Arc<Mutex<State>>);

/// The way of one layer to its [`Exchange`].
#[derive(Debug)]
pub struct ExchangeBroker {
    exchange: Exchange,
    node: Mutex<Option<NodeId>>,
}

/// A fault of an [`Exchange`], on demand.
///
/// For tests of tests: with each of them some case of the suite fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Every seventh message is lost, and nobody is told.
    Loses,
    /// Every message comes twice.
    Duplicates,
    /// Every second message comes behind the next.
    Reorders,
    /// Messages above 16 KiB are cut.
    Cuts,
    /// Messages above 16 KiB are taken and lost.
    LosesLarge,
    /// A name that has more than letters and digits is not subscribed to.
    ForgetsOddNames,
    /// At most a hundred addresses of a node are subscribed to.
    ForgetsMany,
    /// An address that is unsubscribed from takes its node's other subscriptions along.
    UnsubscribesAll,
    /// Publishing says that it went well while the exchange is cut.
    HidesOutages,
    /// Nobody is told that the exchange can be reached again.
    NeverBack,
    /// Subscriptions are not there any more after a cut, whoever subscribes anew.
    NeverSubscribesAgain,
    /// Users are not subscribed to.
    ForgetsUsers,
    /// Nodes are not subscribed to.
    ForgetsNodes,
    /// A task outlives its layer.
    Leaks,
}

#[derive(Debug, Default)]
struct State {
    nodes: HashMap<NodeId, Node>,
    fault: Option<Fault>,
    delay: Duration,
    is_cut: bool,
    was_cut: bool,
    hangs: bool,
    refuses: bool,
    is_deaf: bool,
    count: u64,
}

#[derive(Debug)]
struct Node {
    inbound: Inbound,
    addresses: HashSet<Address>,
    queue: mpsc::UnboundedSender<(Instant, Bytes)>,
    /// The message that is held back until the next has come.
    held: Option<Bytes>,
}

/// The largest message that an exchange takes.
const LARGEST: usize = 1024 * 1024;

impl Exchange {
    /// An exchange that joins nobody yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An exchange that does something wrong.
    #[must_use]
    pub fn with(fault: Fault) -> Self {
        let exchange = Self::new();
        exchange.0.lock().fault = Some(fault);
        exchange
    }

    /// A broker for one more layer.
    #[must_use]
    pub fn broker(&self) -> ExchangeBroker {
        ExchangeBroker {
            exchange: self.clone(),
            node: Mutex::default(),
        }
    }

    /// Lets every message take so long from now on.
    pub fn delay(&self, delay: Duration) {
        self.0.lock().delay = delay;
    }

    /// Lets publishing and subscribing wait for ever, or no more.
    pub fn hang(&self, hangs: bool) {
        self.0.lock().hangs = hangs;
    }

    /// Refuses to subscribe to anything, or no more.
    pub fn refuse_subscriptions(&self, refuses: bool) {
        self.0.lock().refuses = refuses;
    }

    /// Delivers nothing to anybody and says that all is well, or no more: what a
    /// subscription does whose connection was dropped by something in between.
    pub fn deafen(&self, is_deaf: bool) {
        self.0.lock().is_deaf = is_deaf;
    }

    /// Drops what is on its way to each node, and tells it.
    pub fn drop_some(&self) {
        for inbound in self.inbounds() {
            inbound.missed();
        }
    }

    /// Cuts every node off: what is on its way is lost.
    pub fn cut(&self) {
        {
            let mut state = self.0.lock();
            state.is_cut = true;
            state.was_cut = true;
            for node in state.nodes.values_mut() {
                node.addresses.clear();
                node.held = None;
            }
        }
        if !self.has(Fault::HidesOutages) {
            for inbound in self.inbounds() {
                inbound.away();
            }
        }
    }

    /// Lets every node come back.
    pub fn mend(&self) {
        self.0.lock().is_cut = false;
        if !self.has(Fault::NeverBack) {
            for inbound in self.inbounds() {
                inbound.back();
            }
        }
    }

    fn inbounds(&self) -> Vec<Inbound> {
        let state = self.0.lock();
        let nodes = state.nodes.values();
        nodes.map(|node| node.inbound.clone()).collect()
    }

    fn has(&self, fault: Fault) -> bool {
        self.0.lock().fault == Some(fault)
    }

    async fn answers(&self) -> Result<(), BrokerError> {
        let hangs = self.0.lock().hangs;
        if hangs {
            return pending().await;
        }
        if self.0.lock().is_cut && !self.has(Fault::HidesOutages) {
            return Err(BrokerError::Away);
        }
        Ok(())
    }
}

impl Broker for ExchangeBroker {
    async fn start(&self, inbound: Inbound, node: NodeId) -> Result<(), BrokerError> {
        self.exchange.answers().await?;
        let (queue, mut messages) = mpsc::unbounded_channel();
        *self.node.lock() = Some(node);
        let entry = Node {
            inbound: inbound.clone(),
            addresses: HashSet::new(),
            queue,
            held: None,
        };
        self.exchange.0.lock().nodes.insert(node, entry);
        let leaks = self.exchange.has(Fault::Leaks);
        let exchange = self.exchange.clone();
        tokio::spawn(async move {
            let receiving = async {
                while let Some((at, message)) = messages.recv().await {
                    sleep_until(at).await;
                    inbound.receive(message);
                }
            };
            if leaks {
                receiving.await;
                return;
            }
            tokio::select! {
                () = receiving => {}
                () = inbound.closed() => {}
            }
            exchange.0.lock().nodes.remove(&node);
        });
        Ok(())
    }

    async fn subscribe(&self, addresses: &[Address]) -> Result<(), BrokerError> {
        self.exchange.answers().await?;
        let mut state = self.exchange.0.lock();
        if state.refuses {
            return Err(BrokerError::failed("subscriptions are refused"));
        }
        let (fault, was_cut) = (state.fault, state.was_cut);
        let Some(node) = self.node.lock().and_then(|node| state.nodes.get_mut(&node)) else {
            return Err(BrokerError::Away);
        };
        for address in addresses {
            let is_forgotten = match fault {
                Some(Fault::ForgetsOddNames) => address.to_string().contains('%'),
                Some(Fault::ForgetsMany) => node.addresses.len() >= 100,
                Some(Fault::NeverSubscribesAgain) => {
                    was_cut && !matches!(address, Address::Node(_))
                }
                Some(Fault::ForgetsUsers) => matches!(address, Address::User { .. }),
                Some(Fault::ForgetsNodes) => matches!(address, Address::Node(_)),
                _ => false,
            };
            if !is_forgotten {
                node.addresses.insert(address.clone());
            }
        }
        Ok(())
    }

    async fn unsubscribe(&self, addresses: &[Address]) -> Result<(), BrokerError> {
        self.exchange.answers().await?;
        let mut state = self.exchange.0.lock();
        let all = state.fault == Some(Fault::UnsubscribesAll);
        if let Some(node) = self.node.lock().and_then(|node| state.nodes.get_mut(&node)) {
            node.addresses
                .retain(|address| !all && !addresses.contains(address));
        }
        Ok(())
    }

    async fn publish(
        &self,
        addresses: &[Address],
        message: Bytes,
    ) -> Result<Published, BrokerError> {
        self.exchange.answers().await?;
        let mut state = self.exchange.0.lock();
        let size = message.len();
        if size > LARGEST {
            let limit = LARGEST;
            return Err(BrokerError::TooLarge { size, limit });
        }
        let mut subscriptions = 0;
        for address in addresses {
            subscriptions += state.deliver(address, &message);
        }
        Ok(Published::to(subscriptions))
    }
}

impl State {
    fn deliver(&mut self, address: &Address, message: &Bytes) -> usize {
        let at = Instant::now() + self.delay;
        let mut subscriptions = 0;
        let is_probe = matches!(address, Address::Node(_));
        self.count += u64::from(!is_probe);
        for node in self.nodes.values_mut() {
            if !node.addresses.contains(address) {
                continue;
            }
            subscriptions += 1;
            if self.is_deaf || self.is_cut {
                continue;
            }
            let send = |message: Bytes| {
                // An error says that the layer is gone.
                let _ = node.queue.send((at, message));
            };
            let is_large = message.len() > 16 * 1024;
            match self.fault {
                Some(Fault::Loses) if !is_probe && self.count.is_multiple_of(7) => {}
                Some(Fault::Duplicates) => {
                    send(message.clone());
                    send(message.clone());
                }
                Some(Fault::Reorders) if !is_probe => match node.held.take() {
                    Some(held) => {
                        send(message.clone());
                        send(held);
                    }
                    None => node.held = Some(message.clone()),
                },
                Some(Fault::Cuts) if is_large => send(message.slice(..16 * 1024)),
                Some(Fault::LosesLarge) if is_large => {}
                _ => send(message.clone()),
            }
        }
        subscriptions
    }
}
