//! How far subscribing has come, as the engine tells it.

use std::time::Duration;

use tokio::time::Instant;

use super::{Address, Interest, Interests, Standing, Table};

/// The time that an address stays subscribed to when its last member has left, so that
/// a group that empties and fills again costs the broker nothing.
const LINGER: Duration = Duration::from_secs(5);

/// When an address that was refused is tried again.
const RETRY: Duration = Duration::from_secs(30);

/// The most addresses that are subscribed to at once.
const BATCH: usize = 512;

/// A batch of addresses to subscribe to, and the epoch that it belongs to.
#[derive(Debug)]
pub(in super::super) struct Batch {
    pub(in super::super) addresses: Vec<Address>,
    epoch: u64,
}

impl Batch {
    /// Both halves of it, unless it is one address.
    pub(in super::super) fn halves(mut self) -> Result<[Self; 2], Self> {
        if self.addresses.len() < 2 {
            return Err(self);
        }
        let second = self.addresses.split_off(self.addresses.len() / 2);
        let epoch = self.epoch;
        let second = Self {
            addresses: second,
            epoch,
        };
        Ok([self, second])
    }
}

impl Interests {
    /// The addresses to subscribe to next, if there are any: those that were refused
    /// are tried alone, when it is time.
    pub(in super::super) fn next_batch(&self) -> Option<Batch> {
        let mut table = self.table.lock();
        let mut addresses = Vec::new();
        while addresses.len() < BATCH {
            let Some(address) = table.pending.pop_front() else {
                break;
            };
            let known = table.known.get(&address);
            if known.is_some_and(|known| known.standing == Standing::Pending) {
                addresses.push(address);
            }
        }
        if addresses.is_empty() {
            addresses.extend(table.next_refused());
        }
        (!addresses.is_empty()).then(|| Batch {
            addresses,
            epoch: table.epoch,
        })
    }

    /// When there is something to subscribe to again without anybody's asking.
    pub(in super::super) fn next_retry(&self) -> Option<Instant> {
        self.table.lock().refused.front().map(|(at, _)| *at)
    }

    /// Notes that a batch is subscribed to.
    pub(in super::super) fn stood(&self, batch: &Batch) {
        let mut table = self.table.lock();
        if table.epoch != batch.epoch {
            return;
        }
        for address in &batch.addresses {
            let table = &mut *table;
            let Some(interest) = table.known.get_mut(address) else {
                continue;
            };
            if interest.standing != Standing::Pending {
                // It was refused meanwhile.
                continue;
            }
            interest.standing = Standing::Stands;
            interest.was_refused = false;
            interest.settle(&mut table.recovering);
            if std::mem::take(&mut interest.missed) {
                table.late.push(address.clone());
            }
        }
        drop(table);
        self.news.notify_one();
    }

    /// Notes that a batch has to be tried again.
    pub(in super::super) fn failed(&self, batch: Batch) {
        let mut table = self.table.lock();
        if table.epoch == batch.epoch {
            table.pending.extend(batch.addresses);
        }
    }

    /// Notes that the broker does not allow an address: whoever is there misses what
    /// is published elsewhere. Says whether that is new.
    pub(in super::super) fn refuse(&self, address: &Address) -> bool {
        let mut table = self.table.lock();
        let table = &mut *table;
        let Some(interest) = table.known.get_mut(address) else {
            return false;
        };
        if interest.standing != Standing::Refused {
            interest.standing = Standing::Refused;
            let again = Instant::now() + RETRY;
            table.refused.push_back((again, address.clone()));
        }
        interest.missed = true;
        interest.settle(&mut table.recovering);
        let is_new = !std::mem::replace(&mut interest.was_refused, true);
        if is_new {
            table.late.push(address.clone());
        }
        self.news.notify_one();
        self.work.notify_one();
        is_new
    }

    /// The addresses that nobody has wanted for long enough, and when to look again.
    pub(in super::super) fn expired(&self) -> (Vec<Address>, Option<Instant>) {
        let mut table = self.table.lock();
        let table = &mut *table;
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
            let Some(interest) = table.known.get_mut(&address) else {
                continue;
            };
            match interest.unwanted {
                None => interest.lingers = false,
                // It had members again. Others may stand before it that are due later.
                Some(since) if since + LINGER > now => table.linger(since, address),
                Some(_) => {
                    interest.settle(&mut table.recovering);
                    table.known.remove(&address);
                    expired.push(address);
                }
            }
        }
    }

    /// Notes that nothing stands any more.
    pub(in super::super) fn lose(&self) {
        self.table.lock().lose();
    }

    /// Wants everything anew, and that address first.
    pub(in super::super) fn renew(&self, first: &Address) {
        let mut table = self.table.lock();
        table.lose();
        let table = &mut *table;
        for (address, interest) in &mut table.known {
            interest.recovering = true;
            if address == first {
                table.pending.push_front(address.clone());
            } else {
                table.pending.push_back(address.clone());
            }
        }
        table.recovering = table.known.len();
        self.work.notify_one();
    }
}

impl Interest {
    /// Notes that it is known how it stands with it.
    fn settle(&mut self, recovering: &mut usize) {
        if std::mem::take(&mut self.recovering) {
            *recovering -= 1;
        }
        self.wake();
    }
}

impl Table {
    /// An address that nobody wants since then is given up later, unless somebody does
    /// until then.
    pub(super) fn linger(&mut self, since: Instant, address: Address) {
        self.lingering.push_back((since + LINGER, address));
    }

    /// The next address that was refused, when it is time to try it again.
    fn next_refused(&mut self) -> Option<Address> {
        let now = Instant::now();
        while let Some((at, _)) = self.refused.front()
            && *at <= now
        {
            let (_, address) = self.refused.pop_front()?;
            if let Some(interest) = self.known.get_mut(&address)
                && interest.standing == Standing::Refused
            {
                interest.standing = Standing::Pending;
                return Some(address);
            }
        }
        None
    }

    fn lose(&mut self) {
        self.epoch += 1;
        self.pending.clear();
        self.refused.clear();
        for interest in self.known.values_mut() {
            interest.standing = Standing::Pending;
            interest.recovering = false;
        }
        self.recovering = 0;
    }
}

#[cfg(all(test, not(chanx_loom)))]
mod tests {
    use tokio::time::advance;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn lobby() -> Address {
        Address::Group {
            channel: "room".into(),
            group: "lobby".into(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_group_that_empties_again_and_again_waits_once_to_be_given_up() {
        let interests = Interests::default();
        for _ in 0..1000 {
            interests.want(lobby());
            interests.unwant(&lobby());
        }

        assert_eq!(interests.table.lock().lingering.len(), 1);
        advance(LINGER).await;
        assert_eq!(interests.expired(), (vec![lobby()], None));
    }

    #[tokio::test(start_paused = true)]
    async fn a_group_is_given_up_five_seconds_after_it_was_left_last() {
        let interests = Interests::default();
        interests.want(lobby());
        interests.unwant(&lobby());
        advance(3 * SECOND).await;
        interests.want(lobby());
        interests.unwant(&lobby());

        advance(2 * SECOND).await;
        let (expired, next) = interests.expired();
        assert_eq!(expired, []);
        assert_eq!(next, Some(Instant::now() + 3 * SECOND));
        advance(3 * SECOND).await;
        assert_eq!(interests.expired(), (vec![lobby()], None));
    }

    #[tokio::test(start_paused = true)]
    async fn a_group_that_has_members_again_is_kept() {
        let interests = Interests::default();
        interests.want(lobby());
        interests.unwant(&lobby());
        interests.want(lobby());

        advance(LINGER).await;
        assert_eq!(interests.expired(), (vec![], None));
        interests.unwant(&lobby());
        advance(LINGER).await;
        assert_eq!(interests.expired(), (vec![lobby()], None));
    }
}
