//! The members that may have missed something, and when they are told.

use std::time::Duration;

use tokio::time::Instant;

use super::{Address, Interests};

/// The time that members wait to be told of a gap, where a subscription does not come
/// to stand.
const PATIENCE: Duration = Duration::from_secs(5);

/// The members that may have missed something.
#[derive(Debug)]
pub(in super::super) enum Late {
    Everyone,
    At(Vec<Address>),
}

impl Interests {
    /// Notes that every member may have missed something. Says whether that is new.
    pub(in super::super) fn note_gap(&self) -> bool {
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
    pub(in super::super) fn late(&self) -> Result<Late, Option<Instant>> {
        let mut table = self.table.lock();
        if let Some(gap) = table.gap {
            let until = gap + PATIENCE;
            if table.recovering > 0 && Instant::now() < until {
                return Err(Some(until));
            }
            table.gap = None;
            table.late.clear();
            for interest in table.known.values_mut() {
                interest.missed = !interest.stands();
            }
            return Ok(Late::Everyone);
        }
        if table.late.is_empty() {
            return Err(None);
        }
        Ok(Late::At(std::mem::take(&mut table.late)))
    }
}
