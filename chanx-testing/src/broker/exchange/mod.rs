//! The broker that joins the layers of one process.

mod broker;
mod fault;

use std::{
    collections::{HashMap, HashSet},
    future::pending,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use chanx_core::layer::{Address, BrokerError, Inbound, NodeId};
use parking_lot::Mutex;
use tokio::{sync::mpsc, time::Instant};

pub use self::{broker::ExchangeBroker, fault::Fault};

/// Joins the layers of one process, for tests.
///
/// Give each layer a [`broker`](Self::broker) of its own. Clones are the same
/// exchange.
#[derive(Debug, Clone, Default)]
pub struct Exchange(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    nodes: HashMap<NodeId, Node>,
    fault: Option<Fault>,
    delay: Duration,
    is_cut: bool,
    was_cut: bool,
    hangs: bool,
    refuses: bool,
    /// The groups that nobody may subscribe to.
    forbidden: HashSet<String>,
    /// The calls of `subscribe` that were answered.
    subscribing: u64,
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
        ExchangeBroker::new(self.clone())
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

    /// Does not allow subscriptions to groups of that name, also those that stand, or
    /// allows them again: what a broker's permissions do.
    pub fn forbid(&self, group: &str, forbids: bool) {
        let mut told = Vec::new();
        let mut state = self.0.lock();
        if !forbids {
            state.forbidden.remove(group);
            return;
        }
        state.forbidden.insert(group.to_owned());
        for node in state.nodes.values_mut() {
            let lost = node.addresses.extract_if(|address| is_of(address, group));
            told.extend(lost.map(|address| (node.inbound.clone(), address)));
        }
        drop(state);
        for (inbound, address) in told {
            inbound.refused(&address);
        }
    }

    /// Delivers nothing to anybody and says that all is well, or no more: what a
    /// subscription does whose connection was dropped by something in between.
    pub fn deafen(&self, is_deaf: bool) {
        self.0.lock().is_deaf = is_deaf;
    }

    /// The number of times that a node has asked for subscriptions, several at once
    /// counted as one.
    #[must_use]
    pub fn subscribed(&self) -> u64 {
        self.0.lock().subscribing
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

fn is_of(address: &Address, group: &str) -> bool {
    matches!(address, Address::Group { group: of, .. } if of.as_str() == group)
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
