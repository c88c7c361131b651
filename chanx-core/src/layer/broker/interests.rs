//! The addresses that a node wants, and those that it is subscribed to.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use parking_lot::Mutex;
use tokio::{sync::Notify, time::Instant};

use super::Address;

/// The time that an address stays subscribed to when its last member has left, so that
/// a group that empties and fills again costs the broker nothing.
pub(super) const LINGER: Duration = Duration::from_secs(5);

/// The time that members wait to be told of a gap, where a subscription does not come
/// to stand.
const PATIENCE: Duration = Duration::from_secs(5);

/// The most addresses that are subscribed to at once.
const BATCH: usize = 512;

/// The addresses that this node wants, and how far each of them has come.
///
/// The hub says what is wanted, the engine what stands. A wish is noted under
/// the hub's own lock, so that the last member who leaves and the first who
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
    /// The addresses to give up, and when.
    lingering: VecDeque<(Instant, Address)>,
    /// The number of breaks: a subscription from before the last one does not stand.
    epoch: u64,
    /// The number of addresses that were subscribed to anew after a break, and do not
    /// stand yet.
    recovering: usize,
    /// When it was that every member may have missed something.
    gap: Option<Instant>,
    /// The addresses whose members may have missed something before the subscription
    /// stood.
    late: Vec<Address>,
}

#[derive(Debug, Default)]
struct Interest {
    /// `None` while it has members here; else the time since which it has none.
    unwanted: Option<Instant>,
    stands: bool,
    recovering: bool,
    /// True if somebody has joined without waiting until it stands.
    missed: bool,
    /// The joins that wait until it stands.
    ready: Option<Arc<Notify>>,
}

/// The members that may have missed something.
#[derive(Debug)]
pub(super) enum Late {
    Everyone,
    At(Vec<Address>),
}

/// A batch of addresses to subscribe to, and the epoch that it belongs to.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) addresses: Vec<Address>,
    epoch: u64,
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
            table.lingering.push_back((now + LINGER, address.clone()));
            drop(table);
            self.work.notify_one();
        }
    }

    pub(super) fn is_subscribed(&self, address: &Address) -> bool {
        let table = self.table.lock();
        table.known.get(address).is_some_and(|known| known.stands)
    }

    /// True if there is nothing to wait for.
    fn stands(&self, address: &Address) -> bool {
        let table = self.table.lock();
        table.known.get(address).is_none_or(|known| known.stands)
    }

    /// Waits until an address is subscribed to. Cancel safe.
    pub(super) async fn ready(&self, address: &Address) {
        loop {
            let ready = {
                let mut table = self.table.lock();
                match table.known.get_mut(address) {
                    Some(interest) if !interest.stands => {
                        interest.ready.get_or_insert_default().clone()
                    }
                    _ => return,
                }
            };
            let notified = ready.notified();
            // Checked again, because it may have come to stand since.
            if self.stands(address) {
                return;
            }
            notified.await;
        }
    }

    /// Notes that somebody has joined without waiting any longer.
    pub(super) fn miss(&self, address: &Address) {
        let mut table = self.table.lock();
        if let Some(interest) = table.known.get_mut(address) {
            interest.missed |= !interest.stands;
        }
    }

    /// The number of addresses that stand, and of those that do not.
    pub(super) fn count(&self) -> (usize, usize) {
        let table = self.table.lock();
        let stand = table.known.values().filter(|known| known.stands).count();
        (stand, table.known.len() - stand)
    }
}

/// For the engine.
impl Interests {
    /// The addresses to subscribe to next, if there are any.
    pub(super) fn next_batch(&self) -> Option<Batch> {
        let mut table = self.table.lock();
        let mut addresses = Vec::new();
        while addresses.len() < BATCH {
            let Some(address) = table.pending.pop_front() else {
                break;
            };
            let is_open = |known: &Interest| !known.stands;
            if table.known.get(&address).is_some_and(is_open) {
                addresses.push(address);
            }
        }
        (!addresses.is_empty()).then(|| Batch {
            addresses,
            epoch: table.epoch,
        })
    }

    /// Notes that a batch is subscribed to.
    pub(super) fn stood(&self, batch: &Batch) {
        let mut table = self.table.lock();
        if table.epoch != batch.epoch {
            return;
        }
        for address in &batch.addresses {
            let table = &mut *table;
            let Some(interest) = table.known.get_mut(address) else {
                continue;
            };
            interest.stands = true;
            if std::mem::take(&mut interest.recovering) {
                table.recovering -= 1;
            }
            if std::mem::take(&mut interest.missed) {
                table.late.push(address.clone());
            }
            if let Some(ready) = interest.ready.take() {
                ready.notify_waiters();
            }
        }
        drop(table);
        self.news.notify_one();
    }

    /// Notes that a batch has to be tried again.
    pub(super) fn failed(&self, batch: Batch) {
        let mut table = self.table.lock();
        if table.epoch == batch.epoch {
            table.pending.extend(batch.addresses);
        }
    }

    /// The addresses that nobody has wanted for long enough, and when to look again.
    pub(super) fn expired(&self) -> (Vec<Address>, Option<Instant>) {
        let mut table = self.table.lock();
        let now = Instant::now();
        let mut expired = Vec::new();
        loop {
            match table.lingering.front() {
                Some((at, _)) if *at <= now && expired.len() < BATCH => {}
                next => {
                    let next = next.map(|(at, _)| *at);
                    return (expired, next);
                }
            }
            let (_, address) = table.lingering.pop_front().expect("it was looked at above");
            let is_over = |known: &Interest| known.unwanted.is_some_and(|at| at + LINGER <= now);
            if !table.known.get(&address).is_some_and(is_over) {
                continue;
            }
            let interest = table.known.remove(&address);
            if interest.is_some_and(|interest| interest.recovering) {
                table.recovering -= 1;
            }
            expired.push(address);
        }
    }

    /// Notes that nothing stands any more.
    pub(super) fn lose(&self) {
        let mut table = self.table.lock();
        table.epoch += 1;
        table.pending.clear();
        let table = &mut *table;
        for interest in table.known.values_mut() {
            interest.stands = false;
            interest.recovering = false;
        }
        table.recovering = 0;
    }

    /// Wants everything anew.
    pub(super) fn renew(&self) {
        self.lose();
        let mut table = self.table.lock();
        let table = &mut *table;
        for (address, interest) in &mut table.known {
            interest.recovering = true;
            table.pending.push_back(address.clone());
        }
        table.recovering = table.known.len();
        self.work.notify_one();
    }

    /// Notes that every member may have missed something. Says whether that is new.
    pub(super) fn note_gap(&self) -> bool {
        let mut table = self.table.lock();
        let is_new = table.gap.is_none();
        table.gap.get_or_insert_with(Instant::now);
        drop(table);
        self.news.notify_one();
        is_new
    }

    /// The members to tell that something may have been missed; else when to look
    /// again.
    ///
    /// Everyone is told once the subscriptions stand again, or have had their time.
    pub(super) fn late(&self) -> Result<Late, Option<Instant>> {
        let mut table = self.table.lock();
        if let Some(gap) = table.gap {
            let until = gap + PATIENCE;
            if table.recovering > 0 && Instant::now() < until {
                return Err(Some(until));
            }
            table.gap = None;
            table.late.clear();
            for interest in table.known.values_mut() {
                interest.missed = !interest.stands;
            }
            return Ok(Late::Everyone);
        }
        if table.late.is_empty() {
            return Err(None);
        }
        Ok(Late::At(std::mem::take(&mut table.late)))
    }
}
