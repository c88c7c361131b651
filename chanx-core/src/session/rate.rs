//! The rate at which a client may send messages.

use std::time::Duration;

use ratelimit::{Builder, Clock, Ratelimiter};
use tokio::time::Instant;

use crate::options::RateLimit;

/// The time for which a client above the limit is told so before it is closed.
const GRACE: Duration = Duration::from_secs(1);

/// One client's token bucket, and since when it has been empty.
#[derive(Debug)]
pub(super) struct Rate {
    bucket: Ratelimiter<TokioClock>,
    refused_since: Option<Refusals>,
}

#[derive(Debug, Clone, Copy)]
struct Refusals {
    first: Instant,
    last: Instant,
}

/// The verdict on a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Allowance {
    #[default]
    Within,
    /// It is refused.
    Above,
    /// It is refused, and the client had time to slow down.
    StillAbove,
}

impl Rate {
    pub(super) fn new(limit: RateLimit) -> Self {
        let burst = u64::from(limit.burst.get());
        let bucket = Builder::with_clock(u64::from(limit.per_second.get()), TokioClock::new())
            .max_tokens(burst)
            .initial_available(burst)
            .build();
        Self {
            bucket: bucket.expect("a burst and a rate that are not zero make a bucket"),
            refused_since: None,
        }
    }

    /// Takes a token for one message.
    pub(super) fn check(&mut self) -> Allowance {
        if self.bucket.try_wait().is_ok() {
            return Allowance::Within;
        }
        let now = Instant::now();
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

/// tokio's clock, which tests may pause.
#[derive(Debug)]
struct TokioClock(Instant);

impl TokioClock {
    fn new() -> Self {
        Self(Instant::now())
    }
}

impl Clock for TokioClock {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
