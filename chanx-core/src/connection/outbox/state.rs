//! The frames that wait in an outbox, and the tasks that wait for it.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    task::Waker,
};

use bytes::Bytes;

use crate::{
    connection::stream::{Passage, Stream},
    identity::Topic,
    queue::{WakerSlot, push, shrink},
    wire::{Text, is_group_complete},
};

/// The most that may wait.
#[derive(Debug, Clone, Copy)]
pub(super) struct Capacity {
    pub(super) frames: usize,
    pub(super) bytes: usize,
}

/// The next thing for the writer to do.
#[derive(Debug)]
pub(crate) enum Outgoing {
    Text(Text),
    Ping,
    /// Say that something has not come this far, on this topic.
    Lagged(Option<Topic>),
}

#[derive(Debug, Default)]
pub(super) struct State {
    queue: VecDeque<Queued>,
    pub(super) bytes: usize,
    /// Bytes by which the consumers' own frames go beyond half. They are
    /// added to the capacity, so that publishers keep the other half.
    pub(super) excess: usize,
    lagged: bool,
    pub(super) ping: bool,
    pub(super) intake: Intake,
    /// Boxed because few connections have any.
    streams: Option<Box<Streams>>,
    /// The writer, waiting for something to write.
    pub(super) writer: WakerSlot,
    /// Senders that wait for room, in order of arrival.
    pub(super) senders: BTreeMap<u64, Waker>,
    arrivals: u64,
}

/// The subscriptions that the outbox knows.
#[derive(Debug, Default)]
struct Streams {
    /// The publications to those that the client has not been told of.
    held: Vec<Queued>,
    held_bytes: usize,
    /// Those that something has not come this far of.
    lagged: Vec<Arc<Stream>>,
}

/// A frame that waits.
#[derive(Debug)]
pub(super) struct Queued {
    text: Text,
    source: Source,
    /// The subscription that it is of.
    stream: Option<Arc<Stream>>,
}

/// The state of an outbox: what it takes of what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Intake {
    #[default]
    Open,
    /// It refuses what others publish.
    OwnOnly,
    /// It refuses everything, but the writer waits for what may come later.
    Muted,
    /// It refuses everything, and what is queued is the last.
    Closed,
}

/// The source of a frame that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// Somebody has published it: it may be dropped to make room.
    Publisher,
    /// It answers something, or the consumer has sent it.
    Consumer,
    /// It is `subscribed`, which tells the client of the subscription.
    Subscribing,
}

impl Queued {
    #[inline]
    pub(super) fn new(text: Text, source: Source, stream: Option<&Arc<Stream>>) -> Self {
        Self {
            text,
            source,
            stream: stream.cloned(),
        }
    }

    fn len(&self) -> usize {
        self.text.bytes().len()
    }

    fn is_of(&self, stream: &Stream) -> bool {
        self.stream.as_ref().is_some_and(|of| is(of, stream))
    }
}

impl State {
    #[inline]
    pub(super) fn queue(&mut self, queued: Queued) -> Option<Waker> {
        self.bytes += queued.len();
        push(&mut self.queue, queued);
        self.writer.take()
    }

    /// Queues a frame of a consumer's own, with all that was held for it.
    #[inline]
    pub(super) fn send(
        &mut self,
        frame: Bytes,
        stream: Option<&Arc<Stream>>,
        capacity: Capacity,
    ) -> Option<Waker> {
        let held = stream.filter(|stream| stream.passage() == Passage::Held);
        let source = match held {
            Some(_) => Source::Subscribing,
            None => Source::Consumer,
        };
        let writer = self.queue(Queued::new(frame.into(), source, stream));
        self.excess = self.bytes.saturating_sub(capacity.bytes / 2);
        if let Some(stream) = held {
            self.open(stream);
        }
        writer
    }

    /// True if it takes a consumer's own frames.
    #[inline]
    pub(super) fn takes_own(&self, stream: Option<&Arc<Stream>>) -> bool {
        let is_open = matches!(self.intake, Intake::Open | Intake::OwnOnly);
        is_open && stream.is_none_or(|stream| stream.passage() != Passage::Closed)
    }

    /// Keeps what comes before `subscribed`.
    pub(super) fn hold(&mut self, queued: Queued) {
        let streams = self.streams.get_or_insert_default();
        streams.held_bytes += queued.len();
        streams.held.push(queued);
    }

    /// Queues what was held, behind `subscribed`.
    pub(super) fn open(&mut self, stream: &Stream) {
        stream.set(Passage::Open);
        for queued in self.take_held(stream) {
            // The writer has been woken for `subscribed`.
            let _ = self.queue(queued);
        }
    }

    /// Forgets what was held, so many messages, and what has not come this far.
    pub(super) fn forget(&mut self, stream: &Stream) -> u64 {
        if let Some(streams) = &mut self.streams {
            streams.lagged.retain(|lagged| !is(lagged, stream));
        }
        self.take_held(stream).len() as u64
    }

    fn take_held(&mut self, stream: &Stream) -> Vec<Queued> {
        let Some(streams) = &mut self.streams else {
            return Vec::new();
        };
        let its = streams.held.extract_if(.., |queued| queued.is_of(stream));
        let held: Vec<_> = its.collect();
        let bytes: usize = held.iter().map(|queued| queued.len()).sum();
        streams.held_bytes -= bytes;
        held
    }

    /// Notes that something has not come this far.
    pub(super) fn lag(&mut self, stream: Option<&Arc<Stream>>) {
        let Some(stream) = stream else {
            self.lagged = true;
            return;
        };
        let streams = self.streams.get_or_insert_default();
        if !streams.lagged.iter().any(|lagged| is(lagged, stream)) {
            streams.lagged.push(stream.clone());
        }
    }

    /// The next thing to write.
    #[inline]
    pub(super) fn take(&mut self, capacity: Capacity) -> Option<Outgoing> {
        if self.ping || self.lagged || self.streams.is_some() {
            let notice = self.take_notice();
            if notice.is_some() {
                return notice;
            }
        }
        let queued = self.pop(capacity)?;
        shrink(&mut self.queue);
        Some(Outgoing::Text(queued.text))
    }

    /// The next thing to write that comes ahead of the queue.
    fn take_notice(&mut self) -> Option<Outgoing> {
        if std::mem::take(&mut self.ping) {
            return Some(Outgoing::Ping);
        }
        if std::mem::take(&mut self.lagged) {
            return Some(Outgoing::Lagged(None));
        }
        // The first subscription of which the client has been told, and is to be
        // told that something is missing.
        let lagged = &mut self.streams.as_mut()?.lagged;
        let is_told = |stream: &Arc<Stream>| {
            let tells = |it: &Queued| it.source == Source::Subscribing && it.is_of(stream);
            stream.passage() == Passage::Open && !self.queue.iter().any(tells)
        };
        let stream = lagged.remove(lagged.iter().position(is_told)?);
        Some(Outgoing::Lagged(Some(stream.topic().clone())))
    }

    /// True if something may be there to write, as far as can be told at a glance.
    #[inline]
    pub(super) fn has_more(&self) -> bool {
        !self.queue.is_empty() || self.ping || self.lagged || self.streams.is_some()
    }

    #[inline]
    fn pop(&mut self, capacity: Capacity) -> Option<Queued> {
        let queued = self.queue.pop_front()?;
        self.forget_bytes(&queued, capacity);
        Some(queued)
    }

    #[inline]
    fn forget_bytes(&mut self, queued: &Queued, capacity: Capacity) {
        self.bytes -= queued.len();
        if self.bytes <= capacity.bytes / 2 {
            self.excess = 0;
        }
    }

    /// Makes room by dropping the message that was published first; false where none
    /// waits.
    pub(super) fn drop_oldest(&mut self, capacity: Capacity) -> bool {
        let is_published = |it: &Queued| it.source == Source::Publisher;
        let place = self.queue.iter().position(is_published);
        let oldest = match place {
            Some(place) => self.remove(place, capacity),
            None => self.pop_held(),
        };
        let Some(oldest) = oldest else {
            return false;
        };
        self.lag(oldest.stream.as_ref());
        if let Some(place) = place {
            while self.queue.get(place).is_some_and(completes) {
                self.remove(place, capacity);
            }
        }
        true
    }

    fn remove(&mut self, place: usize, capacity: Capacity) -> Option<Queued> {
        let queued = self.queue.remove(place)?;
        self.forget_bytes(&queued, capacity);
        Some(queued)
    }

    fn pop_held(&mut self) -> Option<Queued> {
        let streams = self.streams.as_mut()?;
        let oldest = (!streams.held.is_empty()).then(|| streams.held.remove(0))?;
        streams.held_bytes -= oldest.len();
        Some(oldest)
    }

    /// Gives up what waits: so many messages.
    pub(super) fn clear(&mut self) -> u64 {
        let held = self.streams.take().map_or(0, |streams| streams.held.len());
        let queue = std::mem::take(&mut self.queue);
        self.bytes = 0;
        queue.iter().map(message).sum::<u64>() + held as u64
    }

    #[inline]
    pub(super) fn above_half(&self, capacity: Capacity) -> bool {
        self.queue.len() > capacity.frames / 2 || self.bytes > capacity.bytes / 2
    }

    /// An empty queue takes anything, or a frame above the capacity could never be sent.
    pub(super) fn is_full(&self, capacity: Capacity, frames: usize, bytes: usize) -> bool {
        let held = self.streams.as_ref();
        let (held, held_bytes) = held.map_or((0, 0), |it| (it.held.len(), it.held_bytes));
        let waiting = self.queue.len() + held;
        waiting > 0
            && (waiting + frames > capacity.frames
                || self.bytes + held_bytes + bytes > capacity.bytes.saturating_add(self.excess))
    }

    pub(super) fn arrive(&mut self) -> u64 {
        self.arrivals += 1;
        self.arrivals
    }

    /// The sender that may try, now that there may be room for one more.
    #[inline]
    pub(super) fn next_sender(&mut self, capacity: Capacity) -> Option<Waker> {
        if self.above_half(capacity) {
            return None;
        }
        self.senders.pop_first().map(|(_, sender)| sender)
    }
}

/// One for a message, nothing for what completes it.
pub(super) fn message(queued: &Queued) -> u64 {
    u64::from(!completes(queued))
}

fn completes(queued: &Queued) -> bool {
    is_group_complete(queued.text.bytes())
}

fn is(one: &Arc<Stream>, other: &Stream) -> bool {
    std::ptr::eq(Arc::as_ptr(one), other)
}
