//! The numbers of one channel.

use std::{
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
    time::Duration,
};

use crate::connection::Counters;

/// The live numbers of one channel.
///
/// Everything but `connections` and `subscriptions` counts since the server began.
/// What subscriptions send and receive counts as that of the connection, by its
/// channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ChannelStats {
    /// Connections now.
    pub connections: u64,
    /// Subscriptions now whose consumer has this channel, whatever the hub.
    pub subscriptions: u64,
    /// Connections so far.
    pub opened: u64,
    /// Messages received.
    pub frames_in: u64,
    /// Bytes of messages received, decompressed.
    pub bytes_in: u64,
    /// Bytes of messages received, as they came.
    pub wire_bytes_in: u64,
    /// Messages of connections that are over which were read and not handled, or
    /// whose handler was cancelled: the time was over, or the connection was
    /// closed for cause.
    pub messages_unhandled: u64,
    /// Messages sent.
    pub frames_out: u64,
    /// Bytes of messages sent, before they were compressed.
    pub bytes_out: u64,
    /// Bytes of messages sent, compressed or not.
    pub wire_bytes_out: u64,
    /// Messages dropped because a client read too slowly. Those that still waited for it
    /// when its connection had been closed are among them.
    pub dropped_frames: u64,
    /// Events dropped because a consumer handled them too slowly, or because they
    /// waited when its connection ended.
    pub dropped_events: u64,
    /// Messages that a connection was to send, as a reply, by `send` or by
    /// `broadcast`, and that have no form in JSON. Whoever sends one has the error.
    pub messages_unsendable: u64,
    /// Time spent in handlers, waiting included.
    pub handler_time: Duration,
}

impl ChannelStats {
    pub(super) fn add(&mut self, counters: &Counters) {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        self.frames_in += read(&counters.frames_in);
        self.bytes_in += read(&counters.bytes_in);
        self.wire_bytes_in += on_wire(&counters.bytes_in, &counters.added_in);
        self.frames_out += read(&counters.frames_out);
        self.bytes_out += read(&counters.bytes_out);
        self.wire_bytes_out += on_wire(&counters.bytes_out, &counters.added_out);
        self.dropped_frames += read(&counters.dropped_frames);
        self.dropped_events += read(&counters.dropped_events);
        self.messages_unsendable += read(&counters.messages_unsendable);
        self.handler_time += Duration::from_nanos(read(&counters.handler_nanos));
    }
}

/// The numbers of each channel, by name.
#[derive(Debug, Clone, Default)]
pub(super) struct ByChannel(Vec<(&'static str, ChannelStats)>);

impl ByChannel {
    /// The numbers of one channel, which are all zero at first.
    pub(super) fn of(&mut self, channel: &'static str) -> &mut ChannelStats {
        let place = self.0.binary_search_by_key(&channel, |(name, _)| name);
        let place = place.unwrap_or_else(|place| {
            self.0.insert(place, (channel, ChannelStats::default()));
            place
        });
        &mut self.0[place].1
    }

    pub(super) fn into_sorted(self) -> Vec<(&'static str, ChannelStats)> {
        self.0
    }
}

/// The two are counted one after the other, so that what was added may be ahead.
fn on_wire(bytes: &AtomicU64, added: &AtomicI64) -> u64 {
    let bytes = bytes.load(Ordering::Relaxed);
    bytes.saturating_add_signed(added.load(Ordering::Relaxed))
}
