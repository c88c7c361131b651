//! One connection's life, from the completed upgrade to the last clean-up.
//!
//! ```text
//!          ┌────────────── text, while nothing waits ───────────────┐
//!          │                                                        ▼
//! socket ──┴─ frame, while a handler runs ─▶ reader ─▶ inbox ─▶ worker: decode ─▶ dispatch ─▶ handler ─▶ outbox ─▶ writer ─▶ socket
//!                                                                   ▲                                      ▲
//! layer ──────── event ────────▶ mailbox ───────────────────────────┘                                      │
//! layer ──────── group message (already encoded) ──────────────────────────────────────────────────────────┘
//! ```
//!
//! The worker reads by itself while nothing else is to be done. The handler of a plain
//! message is called where its text stands (`plain`); of any other message a frame is made
//! first (`frames`). Where a handler waits, the reader takes over: it answers pings, notices
//! a close and queues the messages. An answer that would be the next to be written goes past
//! outbox and writer.
//!
//! A frame that names a topic goes to the lane of that, which does for the
//! subscription's consumer what the worker does for the connection's; only to
//! admit a subscription does it ask the worker, which has the hub's consumer:
//!
//! ```text
//! reader ─inbox, by topic─▶ lane: decode ─▶ dispatch ─▶ handler ─▶ outbox
//!                            │        ▲
//!                       ask ─▼─ worker └─ mailbox of the subscription
//! ```
//!
//! [`Session::run`] is one task. Its parts have a waker each, so that the
//! socket's read side is never polled because something is to be written, and
//! a handler that waits keeps nobody from answering pings. The lanes are one
//! part. A writer that is woken alone, which is what a publisher does, is polled
//! past all the rest.

// A session as a whole: its beginning, and its life.
mod opening;
mod prepared;
// The queue between reader and worker.
mod inbox;
// The running of consumers: the connection's, and those of its topics.
mod admission;
mod answers;
mod ask;
mod busy;
mod calls;
mod common;
mod frames;
mod handlers;
mod hooks;
mod lane;
mod lanes;
mod plain;
mod read;
mod refused;
mod subscribed;
mod subscriber;
// The parts that run side by side.
mod parts;
mod phases;
mod pulse;
mod rate;
mod reader;
mod streaming;
mod streams;
mod worker;
mod writer;
// The socket below them.
mod batch;
mod halves;
mod shared;
mod transport;
// The observations of a test.
mod observed;
// A refusal in place of a session.
mod refusal;

#[cfg(all(test, chanx_loom))]
mod models;

pub use halves::Halves;
pub use refusal::{body_of_detail, detail_of_body, reject_after_upgrade};
pub use transport::{TakeText, Transport, TransportError};

use std::{fmt, future::Future};

use self::{
    observed::{Failures, OnConnected},
    prepared::Prepared,
};
use crate::{
    connection::{Disconnect, WireCounter},
    identity::{Topic, UserKey},
};

/// A connection whose consumer has been built, waiting for its socket.
///
/// Dropping it before [`run`](Self::run) leaves nothing behind.
pub struct Session(Box<Prepared>);

impl Session {
    /// Calls `tell` when `connected` has returned, and drops it where that fails.
    #[must_use]
    pub fn on_connected(mut self, tell: impl FnOnce() + Send + 'static) -> Self {
        self.0.on_connected = OnConnected::call(tell);
        self
    }

    /// Calls `tell` with each failure of a handler or hook, beside logging it: for tests.
    #[must_use]
    pub fn on_failure(mut self, tell: impl Fn(String) + Send + Sync + 'static) -> Self {
        self.0.failures = Failures::to(tell);
        self
    }

    /// The counter of the connection's socket, where it compresses.
    #[must_use]
    pub fn wire_counter(&self) -> WireCounter {
        WireCounter::of(self.0.connection.clone())
    }

    /// The user that the connection belongs to, as its consumer has answered.
    #[must_use]
    pub fn user(&self) -> Option<&UserKey> {
        self.0.connection.user.as_ref()
    }

    /// The topic, on a topic's own route.
    #[must_use]
    pub fn topic(&self) -> Option<&str> {
        self.0.connection.topic().map(Topic::as_str)
    }

    /// Serves the connection until it is over, and cleans up behind it.
    ///
    /// The transport is dropped when every group has been left, or as soon as the
    /// connection is closed while handlers are still at work.
    ///
    /// # Cancel safety
    ///
    /// Dropped, it leaves every group and closes the socket without a close
    /// frame; `disconnected` does not run.
    pub fn run(self, transport: impl Transport) -> impl Future<Output = Disconnect> + Send {
        let mut transport = Some(Box::pin(transport));
        async move { self.0.attend(&mut transport, drop).await }
    }

    /// As [`run`](Self::run), with a transport that the caller keeps.
    ///
    /// So the caller can give back what the connection has held before the client
    /// sees it end. Where handlers are still at work once the connection is closed,
    /// the transport is taken out and given to `let_go`.
    ///
    /// # Cancel safety
    ///
    /// As [`run`](Self::run).
    pub fn run_lent<T: Transport + Unpin>(
        self,
        transport: &mut Option<T>,
        let_go: impl Fn(T) + Send + Sync,
    ) -> impl Future<Output = Disconnect> + Send {
        self.0.attend(transport, let_go)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("connection", &self.0.connection)
            .finish_non_exhaustive()
    }
}
