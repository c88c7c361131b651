//! For how long a broadcast keeps others from their turn.

use std::{
    fmt,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chanx_bench::memory::Crowd;
use hdrhistogram::Histogram;
use tokio::task::yield_now;

use crate::clock::thread_time;

/// What takes longer is noted as this long.
const LONGEST: Duration = Duration::from_secs(60);

/// Significant digits of a duration.
const DIGITS: u8 = 3;

/// The pauses that broadcasts to one group have caused.
pub(crate) struct Holds {
    members: u64,
    longest_poll: Duration,
    waits: Histogram<u64>,
}

impl Holds {
    pub(crate) async fn measure(crowd: &Crowd, rounds: u32) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let waits = tokio::spawn(waits(done.clone()));
        let mut longest_poll = Duration::ZERO;
        for _ in 0..rounds {
            longest_poll = longest_poll.max(longest_poll_of(crowd.deliver()).await);
        }
        done.store(true, Ordering::Relaxed);
        Self {
            members: crowd.members(),
            longest_poll,
            waits: waits.await.expect("whoever waits does nothing else"),
        }
    }
}

/// Runs a future and times each of its polls.
async fn longest_poll_of(future: impl Future<Output = ()>) -> Duration {
    let mut future = pin!(future);
    let mut longest = Duration::ZERO;
    std::future::poll_fn(|cx| {
        let began = thread_time();
        let polled = future.as_mut().poll(cx);
        longest = longest.max(thread_time() - began);
        polled
    })
    .await;
    longest
}

/// Asks for its next turn at once, and notes how long it takes to come.
async fn waits(done: Arc<AtomicBool>) -> Histogram<u64> {
    let mut waits = Histogram::new_with_max(LONGEST.as_nanos() as u64, DIGITS)
        .expect("the bounds are in order");
    while !done.load(Ordering::Relaxed) {
        let began = thread_time();
        yield_now().await;
        waits.saturating_record((thread_time() - began).as_nanos() as u64);
    }
    waits
}

/// A line of a table.
impl fmt::Display for Holds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = |nanos: u64| nanos as f64 / 1e3;
        write!(
            f,
            "| {} | {:.0} | {:.0} | {:.0} | {:.0} |",
            self.members,
            self.longest_poll.as_secs_f64() * 1e6,
            micros(self.waits.value_at_quantile(0.5)),
            micros(self.waits.value_at_quantile(0.99)),
            micros(self.waits.max()),
        )
    }
}
