//! The processor time of the current thread.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The time that the current thread has run so far.
///
/// Not the time of day: what else runs on the machine would be in it.
pub(crate) fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(time).expect("a thread's time is not negative")
}
