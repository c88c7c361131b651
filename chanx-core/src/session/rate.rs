//! The rate at which a client may send messages.

use std::time::Duration;

use tokio::time::Instant;

use crate::options::RateLimit;

/// The time for which a client above the limit is told so before it is closed.
const GRACE: Duration = Duration::from_secs(1);

/// One client's token bucket, and since when it has been empty.
#[derive(Debug)]
pub(super) struct Rate {
    /// The time in which a token comes back.
    refill: Duration,
    /// The time in which all of them do but one.
    most: Duration,
    /// When the bucket is full again; long ago, where it has been for long.
    full_at: Instant,
    refused_since: Option<Refusals>,
}

#[derive(Debug, Clone, Copy)]
struct Refusals {
    first: Instant,
    last: Instant,
}

/// The verdict on a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowance {
    Within,
    /// It is refused.
    Above,
    /// It is refused, and the client had time to slow down.
    StillAbove,
}

impl Rate {
    pub(super) fn new(limit: RateLimit) -> Self {
        let refill = Duration::from_secs(1) / limit.per_second.get();
        Self {
            refill,
            most: refill * (limit.burst.get() - 1),
            full_at: Instant::now(),
            refused_since: None,
        }
    }

    /// Takes a token for one message.
    pub(super) fn check(&mut self) -> Allowance {
        let now = Instant::now();
        if self.full_at.saturating_duration_since(now) <= self.most {
            self.full_at = self.full_at.max(now) + self.refill;
            return Allowance::Within;
        }
        let refusals = self
            .refused_since
            .filter(|refusals| now.duration_since(refusals.last) < GRACE)
            .unwrap_or(Refusals {
                first: now,
                last: now,
            });
        self.refused_since = Some(Refusals {
            last: now,
            ..refusals
        });
        if now.duration_since(refusals.first) < GRACE {
            Allowance::Above
        } else {
            Allowance::StillAbove
        }
    }
}
