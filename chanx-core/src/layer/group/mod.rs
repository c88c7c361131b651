//! The members of one group, and how all of them are reached.

use std::{collections::BTreeSet, ops::Bound};

use parking_lot::RwLock;

use crate::connection::{Delivering, Member, Receipt, Unfinished};

/// The number of members that are reached before the task yields: some 20 µs of work.
///
/// Fewer than the tasks that tokio runs before one that has yielded gets its
/// next turn, which are 61. The sessions that were woken have then had theirs,
/// and no backlog of them keeps other tasks waiting, however large the group.
const CHUNK: usize = 32;

/// The members of one group, in the order in which they lie in memory.
///
/// The order is what lets a publication go through a large group in chunks,
/// without a lock between them and without a copy of the members: whoever is
/// in the group from beginning to end is reached exactly once.
#[derive(Debug, Default)]
pub(super) struct Group {
    members: RwLock<BTreeSet<Member>>,
}

impl Group {
    pub(super) fn insert(&self, member: Member) {
        self.members.write().replace(member);
    }

    pub(super) fn remove(&self, member: &Member) {
        self.members.write().remove(member);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.members.read().is_empty()
    }

    #[cfg(feature = "broker")]
    pub(super) fn members(&self) -> Vec<Member> {
        self.members.read().iter().cloned().collect()
    }

    pub(super) fn len(&self) -> usize {
        self.members.read().len()
    }

    /// Delivers to every member, yielding between chunks.
    ///
    /// `seen` holds those who have got it already, where several groups are named. So
    /// their places in memory, by which they are told apart, go to nobody else meanwhile.
    pub(super) async fn publish(
        &self,
        delivering: &mut Delivering<'_>,
        mut seen: Option<&mut BTreeSet<Member>>,
        receipt: &mut Receipt,
    ) {
        let mut after = Bound::Unbounded;
        while let Some(last) = self.publish_chunk(after, delivering, seen.as_deref_mut(), receipt) {
            after = Bound::Excluded(last);
            tokio::task::yield_now().await;
        }
    }

    /// Delivers to the next chunk; gives its last member when there are more.
    fn publish_chunk(
        &self,
        after: Bound<Member>,
        delivering: &mut Delivering<'_>,
        mut seen: Option<&mut BTreeSet<Member>>,
        receipt: &mut Receipt,
    ) -> Option<Member> {
        let mut unfinished = Vec::new();
        let publication = delivering.publication;
        let mut deliver = |member: &Member| {
            let delivery = member.deliver(delivering);
            receipt.record(delivery.outcome);
            if let Some(it) = delivery.unfinished {
                unfinished.push(it);
            }
        };
        let mut reached = 0;
        let mut last = None;
        // Under the lock, so that nothing reaches a member once it has left.
        for member in self.members.read().range((after, Bound::Unbounded)) {
            let first = seen.as_mut().is_none_or(|seen| seen.insert(member.clone()));
            if first && !publication.excludes(member) {
                deliver(member);
            }
            reached += 1;
            if reached == CHUNK {
                last = Some(member.clone());
                break;
            }
        }
        // Without it, because other people's code may come back to this group.
        unfinished
            .into_iter()
            .for_each(|it: Box<Unfinished>| it.finish());
        last
    }
}

#[cfg(test)]
mod tests;
