//! One order for what comes by many subscriptions.
//!
//! The client reads messages in the order of the server and puts each into the
//! queue of its subscription, which wakes whoever waits for that. When a message
//! is found, all that came before it have woken somebody by then. So what is found
//! until nobody is woken any more is whole up to its last message, and to be
//! sorted by its publishers' numbers is all that it needs.

use std::{
    collections::{HashMap, VecDeque},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use async_nats::{HeaderMap, Message, Subscriber};
use bytes::Bytes;
use chanx_core::layer::{Inbound, NodeId};
use futures_util::Stream;
use parking_lot::Mutex;
use tokio::{
    sync::Notify,
    task::{coop::unconstrained, yield_now},
};

/// The header that has a publisher's name and the number of its message.
pub(crate) const ORDER: &str = "Chanx-Order";

/// Subscriptions, and what comes by them.
#[derive(Debug, Default)]
pub(crate) struct Merge {
    table: Mutex<Table>,
    woken: Arc<Woken>,
    /// True if the client has dropped what had no place in the queue of a subscription.
    has_missed: AtomicBool,
}

#[derive(Debug, Default)]
struct Table {
    ids: HashMap<String, u64>,
    subscriptions: HashMap<u64, Subscription>,
    last_id: u64,
}

#[derive(Debug)]
struct Subscription {
    subscriber: Subscriber,
    waker: Waker,
}

/// The subscriptions by which something may have come, in the order in which they were woken.
#[derive(Debug, Default)]
struct Woken {
    ids: Mutex<VecDeque<u64>>,
    any: Notify,
}

/// Wakes for one subscription.
struct WakeOne {
    id: u64,
    woken: Arc<Woken>,
}

impl Woken {
    fn wake(&self, id: u64) {
        self.ids.lock().push_back(id);
        self.any.notify_one();
    }

    fn next(&self) -> Option<u64> {
        self.ids.lock().pop_front()
    }
}

impl Wake for WakeOne {
    fn wake(self: Arc<Self>) {
        self.woken.wake(self.id);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.wake(self.id);
    }
}

impl Merge {
    /// Adds a subscription, in the place of another one to the same subject.
    pub(crate) fn add(&self, subject: String, subscriber: Subscriber) {
        let mut table = self.table.lock();
        table.last_id += 1;
        let id = table.last_id;
        let woken = self.woken.clone();
        let waker = Waker::from(Arc::new(WakeOne { id, woken }));
        table
            .subscriptions
            .insert(id, Subscription { subscriber, waker });
        let replaced = table.ids.insert(subject, id);
        let replaced = replaced.and_then(|id| table.subscriptions.remove(&id));
        drop(table);
        drop(replaced);
        self.woken.wake(id);
    }

    pub(crate) fn remove(&self, subject: &str) -> Option<Subscriber> {
        let mut table = self.table.lock();
        let id = table.ids.remove(subject)?;
        let removed = table.subscriptions.remove(&id)?;
        Some(removed.subscriber)
    }

    /// Forgets all subscriptions.
    pub(crate) fn clear(&self) {
        let mut table = self.table.lock();
        table.ids.clear();
        let forgotten = std::mem::take(&mut table.subscriptions);
        drop(table);
        // Each tells the client, which is not to happen under the lock.
        drop(forgotten);
    }

    /// Notes that the client has dropped something, behind what waits by now.
    pub(crate) fn note_missed(&self) {
        self.has_missed.store(true, Ordering::Release);
        self.woken.any.notify_one();
    }

    /// Hands over what comes, for ever.
    pub(crate) async fn keep_merging(&self, inbound: &Inbound) {
        loop {
            self.woken.any.notified().await;
            let has_missed = self.has_missed.swap(false, Ordering::AcqRel);
            // A budget would make a queue look empty that is not.
            let mut found = unconstrained(async { self.find() }).await;
            if found.len() > 1 {
                found.sort_by_key(|(order, _)| *order);
            }
            for (_, payload) in found {
                inbound.receive(payload);
            }
            if has_missed {
                inbound.missed();
            }
            yield_now().await;
        }
    }

    /// Takes all that has come, until nobody is woken any more.
    fn find(&self) -> Vec<(Option<Order>, Bytes)> {
        let mut found = Vec::new();
        while let Some(id) = self.woken.next() {
            let mut table = self.table.lock();
            let Some(subscription) = table.subscriptions.get_mut(&id) else {
                continue;
            };
            let mut context = Context::from_waker(&subscription.waker);
            let mut subscriber = Pin::new(&mut subscription.subscriber);
            while let Poll::Ready(Some(message)) = subscriber.as_mut().poll_next(&mut context) {
                found.push((Order::of(&message), message.payload));
            }
        }
        found
    }
}

/// A publisher, and the number of its message. Those who publish without come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Order {
    pub(crate) node: NodeId,
    pub(crate) number: u64,
}

impl Order {
    pub(crate) fn headers(self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ORDER, self.text());
        headers
    }

    fn text(self) -> String {
        format!("{} {}", self.node, self.number)
    }

    fn of(message: &Message) -> Option<Self> {
        let header = message.headers.as_ref()?.get(ORDER)?;
        let (node, number) = header.as_str().split_once(' ')?;
        Some(Self {
            node: node.parse().ok()?,
            number: number.parse().ok()?,
        })
    }
}
