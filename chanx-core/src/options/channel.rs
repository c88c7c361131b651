//! The options of a channel's connections.

use std::{borrow::Cow, time::Duration};

use super::{AuthenticationFrames, Compression, Overflow, RateLimit};

/// The options of a channel's connections: sizes, capacities, times.
///
/// Every limit has a default that is safe in production. Sizes are bytes,
/// times run on tokio's clock. Zero is the least that a limit can be, not its
/// absence: what can be without a limit takes `None`. Only
/// [`ping_interval`](Self::ping_interval) takes zero for never.
///
/// | setter | limits | default | at the limit |
/// | --- | --- | --- | --- |
/// | [`handshake_timeout`](Self::handshake_timeout) | extractors, `connect` and upgrade | 10 s | 503 |
/// | [`max_message_size`](Self::max_message_size) | one message of a client | 64 KiB | close 1009 |
/// | [`inbox_bytes`](Self::inbox_bytes) | messages ahead of their handlers | 128 KiB | reading pauses |
/// | [`rate_limit`](Self::rate_limit) | messages a second | none | error, then close 1008 |
/// | [`outbox_frames`](Self::outbox_frames), [`outbox_bytes`](Self::outbox_bytes) | frames that wait for the client | 4096, 1 MiB | [`overflow`](Self::overflow) |
/// | [`mailbox_events`](Self::mailbox_events) | events that wait for the consumer | 4096 | [`overflow`](Self::overflow) |
/// | [`max_groups`](Self::max_groups), [`max_group_name`](Self::max_group_name) | groups of a connection | 1024, 200 bytes | `join` fails |
/// | [`max_topics`](Self::max_topics), [`subscribe_timeout`](Self::subscribe_timeout) | topics of a connection, and admitting one | 100, 10 s | the subscription is refused |
/// | [`ping_interval`](Self::ping_interval), [`ping_timeout`](Self::ping_timeout) | silence of a peer | 25 s, 20 s | the connection is dropped |
/// | [`idle_timeout`](Self::idle_timeout) | silence of a client | none | close 1000 |
/// | [`finish_timeout`](Self::finish_timeout) | what was received, after the end | 5 s | cancelled and dropped |
/// | [`disconnect_timeout`](Self::disconnect_timeout) | `disconnected`, `expiring` | 30 s | the hook is cancelled |
/// | [`close_timeout`](Self::close_timeout) | the closing handshake | 5 s | the connection is dropped |
///
/// `Channels::options` gives them to all routes, `Channels::route_with` changes
/// them for one.
///
/// # Examples
///
/// ```
/// use chanx::{ChannelOptions, Overflow};
/// use std::time::Duration;
///
/// let options = ChannelOptions::default()
///     .max_message_size(256 * 1024)
///     .idle_timeout(Duration::from_secs(30 * 60))
///     .overflow(Overflow::DropOldest);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelOptions {
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
    pub(crate) finish_timeout: Duration,
    pub(crate) disconnect_timeout: Duration,
    pub(crate) handshake_timeout: Duration,
    pub(crate) max_groups: usize,
    pub(crate) max_group_name: usize,
    pub(crate) max_topics: usize,
    pub(crate) subscribe_timeout: Duration,
    pub(crate) read_buffer_size: usize,
    pub(crate) compression: Option<Compression>,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) authentication_frames: AuthenticationFrames,
    pub(crate) subprotocols: Vec<Cow<'static, str>>,
    pub(crate) keep_headers: bool,
    pub(crate) unlogged_actions: Vec<Cow<'static, str>>,
}

impl Default for ChannelOptions {
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
            finish_timeout: Duration::from_secs(5),
            disconnect_timeout: Duration::from_secs(30),
            handshake_timeout: Duration::from_secs(10),
            max_groups: 1024,
            max_group_name: 200,
            max_topics: 100,
            subscribe_timeout: Duration::from_secs(10),
            read_buffer_size: 4096,
            compression: None,
            rate_limit: None,
            authentication_frames: AuthenticationFrames::Off,
            subprotocols: Vec::new(),
            keep_headers: false,
            unlogged_actions: Vec::new(),
        }
    }
}

impl ChannelOptions {
    /// Sends `complete`, `group_complete` and `event_complete` frames. Off by default.
    ///
    /// They tell a client that a message, whatever was answered, a group
    /// message or an event has been dealt with. Tests need them, and have them
    /// on without this.
    #[must_use]
    pub fn completion_frames(mut self, on: bool) -> Self {
        self.completion_frames = on;
        self
    }

    /// The largest message a client may send, in bytes; a larger one closes
    /// with 1009 (RFC 6455 §7.4.1). 64 KiB by default.
    ///
    /// The size is that of all fragments together. Zero takes no message at all.
    #[must_use]
    pub fn max_message_size(mut self, bytes: usize) -> Self {
        self.max_message_size = bytes;
        self
    }

    /// The most bytes that a client may send ahead of its handlers, before reading pauses
    /// and TCP slows it down. 128 KiB by default, and always at least one message. Each
    /// message counts with 64 bytes more than it has.
    #[must_use]
    pub fn inbox_bytes(mut self, bytes: usize) -> Self {
        self.inbox_bytes = bytes;
        self
    }

    /// The most frames that may wait for a client that does not read. 4096 by default, and
    /// always at least one.
    ///
    /// The consumer's own sends wait above half of it, and leave the rest for
    /// group messages.
    #[must_use]
    pub fn outbox_frames(mut self, frames: usize) -> Self {
        self.outbox_frames = frames;
        self
    }

    /// The most bytes that may wait for a client that does not read. 1 MiB by default, and
    /// always at least one frame.
    #[must_use]
    pub fn outbox_bytes(mut self, bytes: usize) -> Self {
        self.outbox_bytes = bytes;
        self
    }

    /// The most events that may wait for the consumer. 4096 by default, and always at least
    /// one.
    #[must_use]
    pub fn mailbox_events(mut self, events: usize) -> Self {
        self.mailbox_events = events;
        self
    }

    /// The rule for an outbox or mailbox that is full. [`Overflow::Close`] by default.
    #[must_use]
    pub fn overflow(mut self, overflow: Overflow) -> Self {
        self.overflow = overflow;
        self
    }

    /// The time between two pings of the server (RFC 6455 §5.5.2); `None` or zero never
    /// does. 25 seconds by default.
    ///
    /// Without pings, a peer that has vanished is noticed only when TCP notices.
    #[must_use]
    pub fn ping_interval(mut self, interval: impl Into<Option<Duration>>) -> Self {
        self.ping_interval = interval.into().filter(|interval| !interval.is_zero());
        self
    }

    /// The time that a client may be silent after a ping before it counts as gone. 20
    /// seconds by default; zero gives it no time to answer.
    ///
    /// Behind a full inbox up to 64 KiB more are read to find the answer to a
    /// ping. A client that has sent even more, while one handler ran for longer
    /// than interval and time-out together, counts as gone: nobody can tell.
    #[must_use]
    pub fn ping_timeout(mut self, timeout: Duration) -> Self {
        self.ping_timeout = timeout;
        self
    }

    /// The time that a client may go without sending a message, before it is closed
    /// with 1000; `None` is for ever. Off by default.
    ///
    /// Pings and pongs are no messages. The time stands still while messages
    /// wait for a handler. Zero closes at once.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.idle_timeout = timeout.into();
        self
    }

    /// The time for which received messages are still handled once a connection has
    /// begun to end, the running handler and everything behind it together. 5 seconds
    /// by default, and not beyond the deadline of a shutdown.
    ///
    /// Then the running handler is cancelled at its current await, and what waits
    /// behind it is dropped, counted in
    /// [`ChannelStats::messages_unhandled`](crate::ChannelStats::messages_unhandled)
    /// and logged. Zero cancels and drops at once. A connection that finishes keeps
    /// its place in every limit of connections.
    #[must_use]
    pub fn finish_timeout(mut self, timeout: Duration) -> Self {
        self.finish_timeout = timeout;
        self
    }

    /// The time that `disconnected` and `expiring` may take, each, before they are
    /// cancelled. 30 seconds by default; zero cancels them where they wait first.
    #[must_use]
    pub fn disconnect_timeout(mut self, timeout: Duration) -> Self {
        self.disconnect_timeout = timeout;
        self
    }

    /// The time that a closing handshake may take (RFC 6455 §7.1.2), together with
    /// writing what still waits. 5 seconds by default; zero waits for nothing, and may
    /// cut off the close frame.
    ///
    /// A refusal that is told in a frame has as long again for its upgrade,
    /// however late it comes.
    #[must_use]
    pub fn close_timeout(mut self, timeout: Duration) -> Self {
        self.close_timeout = timeout;
        self
    }

    /// The time that extractors, `connect` and the upgrade may take together, before
    /// the handshake is refused with 503. 10 seconds by default; zero refuses every one
    /// that has to wait for anything.
    #[must_use]
    pub fn handshake_timeout(mut self, timeout: Duration) -> Self {
        self.handshake_timeout = timeout;
        self
    }

    /// The most groups that one connection may be in, declared ones included, and each
    /// of its subscriptions besides. 1024 by default. Below the number that the channel
    /// declares, nobody can connect: the client is closed with 1011.
    #[must_use]
    pub fn max_groups(mut self, groups: usize) -> Self {
        self.max_groups = groups;
        self
    }

    /// The longest that a group's name may be, in bytes. 200 by default; with zero, no
    /// group can be joined.
    #[must_use]
    pub fn max_group_name(mut self, bytes: usize) -> Self {
        self.max_group_name = bytes;
        self
    }

    /// The most topics that one client may be subscribed to at a time, those that are
    /// being authorised included. 100 by default; one more is refused with reason
    /// `too_many_topics`.
    ///
    /// The other limits are those of a connection and its subscriptions together.
    #[must_use]
    pub fn max_topics(mut self, topics: usize) -> Self {
        self.max_topics = topics;
        self
    }

    /// The time that a topic's method may take to admit a subscription, before it is
    /// cancelled and the subscription refused. 10 seconds by default; zero refuses
    /// every one that has to wait for anything.
    #[must_use]
    pub fn subscribe_timeout(mut self, timeout: Duration) -> Self {
        self.subscribe_timeout = timeout;
        self
    }

    /// The most bytes that are read from a socket at once. 4 KiB by default; 1 KiB is
    /// the least, and 1 MiB the most.
    ///
    /// The buffer belongs to the thread, not to the connection: a larger one
    /// saves system calls where clients send much, and costs an idle
    /// connection nothing.
    #[must_use]
    pub fn read_buffer_size(mut self, bytes: usize) -> Self {
        self.read_buffer_size = bytes.clamp(1024, 1024 * 1024);
        self
    }

    /// Compresses messages for clients that offer it (permessage-deflate,
    /// RFC 7692). Off by default: it costs time, and what is compressed together
    /// with a secret may betray it.
    ///
    /// A message of a client is bounded by [`max_message_size`](Self::max_message_size)
    /// when it is decompressed; a larger one closes with 1009.
    ///
    /// Needs the feature `compression`.
    #[cfg(feature = "compression")]
    #[must_use]
    pub fn compression(mut self, compression: impl Into<Option<Compression>>) -> Self {
        self.compression = compression.into();
        self
    }

    /// The rate at which a client may send messages. Unlimited by default, because a
    /// connection's handlers run one after the other and its inbox is bounded.
    ///
    /// A message above the limit is not handled; it is answered with an error
    /// of reason `rate_limited`. A client that is still above the limit a
    /// second after its first such error is closed with 1008. Pings and pongs
    /// are counted apart and may be as many; they are answered up to that close.
    #[must_use]
    pub fn rate_limit(mut self, limit: impl Into<Option<RateLimit>>) -> Self {
        self.rate_limit = limit.into();
        self
    }

    /// The frames that tell the outcome of a handshake. [`AuthenticationFrames::Off`]
    /// by default.
    #[must_use]
    pub fn authentication_frames(mut self, frames: AuthenticationFrames) -> Self {
        self.authentication_frames = frames;
        self
    }

    /// The subprotocols spoken here, the preferred one first (RFC 6455 §1.9).
    /// None by default.
    ///
    /// A client that offers none of them connects all the same;
    /// [`RequestInfo::subprotocol`](crate::RequestInfo::subprotocol) tells what
    /// was agreed on.
    #[must_use]
    pub fn subprotocols<P: Into<Cow<'static, str>>>(
        mut self,
        protocols: impl IntoIterator<Item = P>,
    ) -> Self {
        self.subprotocols = protocols.into_iter().map(Into::into).collect();
        self
    }

    /// Keeps the request's headers for [`RequestInfo::headers`](crate::RequestInfo::headers),
    /// for as long as the connection lasts. Off by default: they cost memory.
    #[must_use]
    pub fn keep_headers(mut self, on: bool) -> Self {
        self.keep_headers = on;
        self
    }

    /// Actions whose messages are not logged, such as a frequent `ping`. None
    /// by default: each message received is an event of level debug.
    #[must_use]
    pub fn unlogged_actions<A: Into<Cow<'static, str>>>(
        mut self,
        actions: impl IntoIterator<Item = A>,
    ) -> Self {
        self.unlogged_actions = actions.into_iter().map(Into::into).collect();
        self
    }
}
