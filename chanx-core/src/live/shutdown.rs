//! The shutdown, which closes all connections of a server.

use std::{sync::Arc, time::Duration};

use tokio::time::sleep;

use crate::connection::{Connection, Disconnect};

/// The number of connections that are closed before the next batch waits its turn.
const BATCH: usize = 256;

/// Over how long a shutdown closes connections, and when it cuts them off.
///
/// Both count from its beginning. Clients that are closed at the same moment
/// reconnect elsewhere at the same moment: the closes are spread, in batches
/// of 256 connections.
///
/// # Examples
///
/// ```
/// use std::{sync::Arc, time::Duration};
///
/// use chanx::Shutdown;
///
/// let patient = Shutdown::default().deadline(Duration::from_secs(30));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shutdown {
    pub(super) spread: Duration,
    pub(super) deadline: Duration,
}

impl Default for Shutdown {
    fn default() -> Self {
        Self {
            spread: Duration::from_secs(1),
            deadline: Duration::from_secs(10),
        }
    }
}

impl Shutdown {
    /// Over how long the closes are spread. One second by default.
    #[must_use]
    pub fn spread(mut self, spread: Duration) -> Self {
        self.spread = spread;
        self
    }

    /// The time after which connections that have not ended are cut off. Ten seconds by default.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }
}

/// The result of a shutdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ShutdownReport {
    /// Connections that ended in order meanwhile, their clean-up run.
    pub closed: usize,
    /// Connections that had not ended at the deadline and were cut off:
    /// `disconnected` did not run to its end.
    pub cut: usize,
    /// Messages of all these connections that were read and not handled, or not
    /// to their end: there was no time left, or the connection had ended for cause.
    pub messages_unhandled: u64,
}

pub(super) async fn close_in_batches(members: &[Arc<Connection>], spread: Duration) {
    let batches = members.len().div_ceil(BATCH).max(1);
    let pause = spread / u32::try_from(batches).unwrap_or(u32::MAX);
    for (n, batch) in members.chunks(BATCH).enumerate() {
        if n > 0 {
            sleep(pause.mul_f64(0.5 + fraction(&batch[0]))).await;
        }
        for member in batch {
            member.end(Disconnect::Shutdown);
        }
    }
}

/// A number from 0 to 1 that differs from server to server: the jitter.
fn fraction(member: &Connection) -> f64 {
    use std::hash::{BuildHasher, RandomState};

    let hash = RandomState::new().hash_one(member.id);
    f64::from(u32::try_from(hash >> 32).unwrap_or(0)) / f64::from(u32::MAX)
}
