//! The addresses that a node wants, and those that it is subscribed to.

mod late;
mod progress;

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use parking_lot::Mutex;
use tokio::{sync::Notify, time::Instant};

pub(super) use self::{late::Late, progress::Batch};
use super::Address;

/// The addresses that this node wants, and how far each of them has come.
///
/// The roster says what is wanted, the engine what stands. A wish is noted under
/// the roster's own lock, so that the last member who leaves and the first who
/// joins are noted in the order in which they did.
#[derive(Debug, Default)]
pub(super) struct Interests {
    table: Mutex<Table>,
    /// There is something to subscribe to, or to give up later.
    pub(super) work: Notify,
    /// There may be somebody to tell of what they have missed.
    pub(super) news: Notify,
}

#[derive(Debug, Default)]
struct Table {
    known: HashMap<Address, Interest>,
    /// The addresses to subscribe to, the longest wanted first.
    pending: VecDeque<Address>,
    /// The addresses that were refused, and when to try each again.
    refused: VecDeque<(Instant, Address)>,
    /// The addresses that may have to be given up, each of them once, and when to look.
    lingering: VecDeque<(Instant, Address)>,
    /// The number of breaks: a subscription from before the last one does not stand.
    epoch: u64,
    /// The number of addresses that were subscribed to anew after a break, and do not
    /// stand yet.
    recovering: usize,
    /// The moment at which every member may have missed something.
    gap: Option<Instant>,
    /// The addresses whose members may have missed something before the subscription
    /// stood.
    late: Vec<Address>,
}

#[derive(Debug, Default)]
struct Interest {
    /// `None` while it has members here; else the time since which it has none.
    unwanted: Option<Instant>,
    /// True if it is among those that may have to be given up.
    lingers: bool,
    standing: Standing,
    recovering: bool,
    /// True if somebody has joined without waiting until it stands.
    missed: bool,
    /// True if it was refused when it was tried last, and its members were told.
    was_refused: bool,
    /// The joins that wait until it stands, or is refused.
    ready: Option<Arc<Notify>>,
}

/// How far an address has come.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Standing {
    #[default]
    Pending,
    /// It is subscribed to.
    Stands,
    /// The broker does not allow it, and is asked again later.
    Refused,
}

/// The numbers of addresses, by how far they have come.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    pub(super) stand: usize,
    pub(super) pending: usize,
    pub(super) refused: usize,
}

impl Interest {
    fn stands(&self) -> bool {
        self.standing == Standing::Stands
    }

    fn wake(&mut self) {
        if let Some(ready) = self.ready.take() {
            ready.notify_waiters();
        }
    }
}

impl Interests {
    /// Notes that somebody here is to get what comes to an address.
    pub(super) fn want(&self, address: Address) {
        let mut table = self.table.lock();
        match table.known.get_mut(&address) {
            Some(interest) => interest.unwanted = None,
            None => {
                table.known.insert(address.clone(), Interest::default());
                table.pending.push_back(address);
                drop(table);
                self.work.notify_one();
            }
        }
    }

    /// Notes that nobody here is to get it any more.
    pub(super) fn unwant(&self, address: &Address) {
        let mut table = self.table.lock();
        let now = Instant::now();
        if let Some(interest) = table.known.get_mut(address) {
            interest.unwanted = Some(now);
            if !std::mem::replace(&mut interest.lingers, true) {
                table.linger(now, address.clone());
                drop(table);
                self.work.notify_one();
            }
        }
    }

    pub(super) fn is_subscribed(&self, address: &Address) -> bool {
        let table = self.table.lock();
        table.known.get(address).is_some_and(Interest::stands)
    }

    /// True if there is something to wait for.
    fn is_pending(&self, address: &Address) -> bool {
        let table = self.table.lock();
        let known = table.known.get(address);
        known.is_some_and(|known| known.standing == Standing::Pending)
    }

    /// Waits until an address is subscribed to, or refused. Cancel safe.
    pub(super) async fn ready(&self, address: &Address) {
        loop {
            let ready = {
                let mut table = self.table.lock();
                match table.known.get_mut(address) {
                    Some(interest) if interest.standing == Standing::Pending => {
                        interest.ready.get_or_insert_default().clone()
                    }
                    _ => return,
                }
            };
            let notified = ready.notified();
            // Checked again, because it may have come to stand since.
            if !self.is_pending(address) {
                return;
            }
            notified.await;
        }
    }

    /// Notes that somebody has joined and does not wait any longer.
    pub(super) fn miss(&self, address: &Address) {
        let mut table = self.table.lock();
        if let Some(interest) = table.known.get_mut(address) {
            interest.missed |= !interest.stands();
        }
    }

    /// True if an address was refused when it was tried last.
    pub(super) fn was_refused(&self, address: &Address) -> bool {
        let table = self.table.lock();
        table
            .known
            .get(address)
            .is_some_and(|known| known.was_refused)
    }

    pub(super) fn count(&self) -> Numbers {
        let mut numbers = Numbers::default();
        for interest in self.table.lock().known.values() {
            match interest.standing {
                Standing::Pending => numbers.pending += 1,
                Standing::Stands => numbers.stand += 1,
                Standing::Refused => numbers.refused += 1,
            }
        }
        numbers
    }
}
