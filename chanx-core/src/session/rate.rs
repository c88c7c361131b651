//! The rate at which a client may send messages.

use std::time::Duration;

use governor::{
    Quota, RateLimiter,
    clock::Clock,
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::{InMemoryState, NotKeyed},
};
use tokio::time::Instant;

use crate::options::RateLimit;

/// The time for which a client above the limit is told so before it is closed.
const GRACE: Duration = Duration::from_secs(1);

/// One client's token bucket, and since when it has been empty.
#[derive(Debug)]
pub(super) struct Rate {
    bucket: RateLimiter<NotKeyed, InMemoryState, TokioClock, NoOpMiddleware<Nanos>>,
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
        let quota = Quota::per_second(limit.per_second).allow_burst(limit.burst);
        Self {
            bucket: RateLimiter::direct_with_clock(quota, TokioClock(Instant::now())),
            refused_since: None,
        }
    }

    /// Takes a token for one message.
    pub(super) fn check(&mut self) -> Allowance {
        if self.bucket.check().is_ok() {
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
#[derive(Debug, Clone)]
struct TokioClock(Instant);

impl Clock for TokioClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.elapsed().into()
    }
}
