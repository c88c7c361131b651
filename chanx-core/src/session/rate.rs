//! The rate at which a client may send messages.

use std::time::Duration;

use tokio::time::Instant;

use crate::options::RateLimit;

/// The time for which a client above the limit is told so before it is closed.
const GRACE: Duration = Duration::from_secs(1);

/// One client's allowance, and since when it has been used up.
///
/// Each message puts off the moment at which all of the allowance is there
/// again. It is used up where that is further off than a whole burst takes to
/// come back: a token bucket, told by one point in time.
#[derive(Debug)]
pub(super) struct Rate {
    /// How long it takes until one more message is allowed.
    interval: Duration,
    /// How long it takes until a whole burst is.
    burst: Duration,
    /// When a whole burst will be.
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
        let interval = Duration::from_secs(1) / limit.per_second.get();
        Self {
            interval,
            burst: interval * limit.burst.get(),
            full_at: Instant::now(),
            refused_since: None,
        }
    }

    /// Counts one message.
    pub(super) fn check(&mut self) -> Allowance {
        let now = Instant::now();
        let full_at = self.full_at.max(now) + self.interval;
        if full_at - now <= self.burst {
            self.full_at = full_at;
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
