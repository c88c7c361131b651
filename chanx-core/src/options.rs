//! How a channel's connections behave.

use std::time::Duration;

/// How a channel's connections behave: sizes, capacities, times.
///
/// Every limit has a default that is safe in production. Sizes are bytes.
///
/// ```
/// # use chanx_core::{Options, Overflow};
/// let options = Options::default()
///     .max_message_size(256 * 1024)
///     .overflow(Overflow::DropOldest);
/// ```
#[derive(Debug, Clone)]
pub struct Options {
    pub(crate) completion_frames: bool,
    pub(crate) max_message_size: usize,
    pub(crate) inbox_bytes: usize,
    pub(crate) outbox_frames: usize,
    pub(crate) outbox_bytes: usize,
    pub(crate) mailbox_events: usize,
    pub(crate) overflow: Overflow,
    pub(crate) ping_interval: Option<Duration>,
    pub(crate) ping_timeout: Duration,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) close_timeout: Duration,
    pub(crate) disconnect_timeout: Duration,
    pub(crate) handshake_timeout: Duration,
    pub(crate) max_groups: usize,
    pub(crate) max_group_name: usize,
    pub(crate) read_buffer_size: usize,
}

/// What happens when a queue of a connection is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Overflow {
    /// The connection is closed with 1013, "try again later".
    #[default]
    Close,
    /// What comes is dropped; the client's next frame is an error with reason `lagged`.
    DropNewest,
    /// What has waited longest is dropped; the client's next frame is an error
    /// with reason `lagged`.
    DropOldest,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            completion_frames: false,
            max_message_size: 64 * 1024,
            inbox_bytes: 128 * 1024,
            outbox_frames: 4096,
            outbox_bytes: 1024 * 1024,
            mailbox_events: 4096,
            overflow: Overflow::Close,
            ping_interval: Some(Duration::from_secs(25)),
            ping_timeout: Duration::from_secs(20),
            idle_timeout: None,
            close_timeout: Duration::from_secs(5),
            disconnect_timeout: Duration::from_secs(30),
            handshake_timeout: Duration::from_secs(10),
            max_groups: 1024,
            max_group_name: 200,
            read_buffer_size: 4096,
        }
    }
}

impl Options {
    /// Sends `complete`, `group_complete` and `event_complete` frames. Off by default.
    #[must_use]
    pub fn completion_frames(mut self, on: bool) -> Self {
        self.completion_frames = on;
        self
    }

    /// The largest message a client may send; a larger one closes with 1009.
    /// 64 KiB by default.
    #[must_use]
    pub fn max_message_size(mut self, bytes: usize) -> Self {
        self.max_message_size = bytes;
        self
    }

    /// How much a client may send ahead of its handlers, before reading pauses
    /// and TCP slows it down. 128 KiB by default, and always at least one message.
    #[must_use]
    pub fn inbox_bytes(mut self, bytes: usize) -> Self {
        self.inbox_bytes = bytes;
        self
    }

    /// How many frames may wait for a client that does not read. 4096 by default.
    ///
    /// The consumer's own sends wait above half of it, and leave the rest for
    /// group messages.
    #[must_use]
    pub fn outbox_frames(mut self, frames: usize) -> Self {
        self.outbox_frames = frames;
        self
    }

    /// How many bytes may wait for a client that does not read. 1 MiB by default,
    /// and always at least one frame.
    #[must_use]
    pub fn outbox_bytes(mut self, bytes: usize) -> Self {
        self.outbox_bytes = bytes;
        self
    }

    /// How many events may wait for the consumer. 4096 by default.
    #[must_use]
    pub fn mailbox_events(mut self, events: usize) -> Self {
        self.mailbox_events = events;
        self
    }

    /// What happens when outbox or mailbox is full. [`Overflow::Close`] by default.
    #[must_use]
    pub fn overflow(mut self, overflow: Overflow) -> Self {
        self.overflow = overflow;
        self
    }

    /// How often the server pings; `None` never does. 25 seconds by default.
    #[must_use]
    pub fn ping_interval(mut self, interval: impl Into<Option<Duration>>) -> Self {
        self.ping_interval = interval.into();
        self
    }

    /// How long after a ping a client may be silent before it counts as gone.
    /// 20 seconds by default.
    #[must_use]
    pub fn ping_timeout(mut self, timeout: Duration) -> Self {
        self.ping_timeout = timeout;
        self
    }

    /// How long a client may go without sending a message; `None` for ever.
    /// Off by default. Stands still while a handler runs behind a full inbox.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.idle_timeout = timeout.into();
        self
    }

    /// How long `disconnected` and `expiring` may take before they are
    /// cancelled. 30 seconds by default.
    #[must_use]
    pub fn disconnect_timeout(mut self, timeout: Duration) -> Self {
        self.disconnect_timeout = timeout;
        self
    }

    /// How long a closing handshake may take. 5 seconds by default.
    #[must_use]
    pub fn close_timeout(mut self, timeout: Duration) -> Self {
        self.close_timeout = timeout;
        self
    }

    /// How long extractors, `connect` and the upgrade may take together.
    /// 10 seconds by default.
    #[must_use]
    pub fn handshake_timeout(mut self, timeout: Duration) -> Self {
        self.handshake_timeout = timeout;
        self
    }

    /// How many groups one connection may be in. 1024 by default.
    #[must_use]
    pub fn max_groups(mut self, groups: usize) -> Self {
        self.max_groups = groups;
        self
    }

    /// How long a group's name may be, in bytes. 200 by default.
    #[must_use]
    pub fn max_group_name(mut self, bytes: usize) -> Self {
        self.max_group_name = bytes;
        self
    }

    /// The size of a connection's read buffer, which every connection keeps.
    /// 4 KiB by default; 1 KiB is the least.
    #[must_use]
    pub fn read_buffer_size(mut self, bytes: usize) -> Self {
        self.read_buffer_size = bytes.max(1024);
        self
    }

    /// What an adapter needs to open a socket.
    #[must_use]
    pub fn socket(&self) -> SocketOptions {
        SocketOptions {
            max_message_size: self.max_message_size,
            read_buffer_size: self.read_buffer_size,
            handshake_timeout: self.handshake_timeout,
        }
    }
}

/// What an adapter needs to open a socket.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct SocketOptions {
    /// The largest message to accept, in bytes.
    pub max_message_size: usize,
    /// The read buffer, in bytes.
    pub read_buffer_size: usize,
    /// How long the handshake may take.
    pub handshake_timeout: Duration,
}
