//! What waits in a queue: frames, and the places at which something is missing.

use std::{collections::VecDeque, sync::Arc};

use bytes::Bytes;

use crate::{
    connection::stream::Stream,
    identity::Topic,
    queue::push,
    wire::{Text, is_group_complete},
};

/// A frame that waits, or the place at which something is missing.
#[derive(Debug)]
pub(super) struct Queued {
    text: Text,
    pub(super) source: Source,
    /// The subscription that it is of.
    stream: Option<Arc<Stream>>,
}

/// The source of a frame that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// Somebody has published it: it may be dropped to make room.
    Publisher,
    /// It answers something, or the consumer has sent it.
    Consumer,
    /// There is no frame: something has not come this far, and the client is told so
    /// here.
    Gap,
}

/// The next thing for the writer to do.
#[derive(Debug)]
pub(crate) enum Outgoing {
    Text(Text),
    Ping,
    /// Say that something is missing here, on this topic.
    Lagged(Option<Topic>),
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

    fn gap(stream: Option<&Arc<Stream>>) -> Self {
        Self::new(Bytes::new().into(), Source::Gap, stream)
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.text.bytes().len()
    }

    #[inline]
    pub(super) fn is_gap(&self) -> bool {
        self.source == Source::Gap
    }

    pub(super) fn is_of(&self, stream: Option<&Stream>) -> bool {
        match (&self.stream, stream) {
            (None, None) => true,
            (Some(its), Some(stream)) => std::ptr::eq(Arc::as_ptr(its), stream),
            _ => false,
        }
    }

    /// True for a message, false for what completes one and for a gap.
    pub(super) fn is_message(&self) -> bool {
        !self.is_gap() && !self.completes()
    }

    fn completes(&self) -> bool {
        is_group_complete(self.text.bytes())
    }

    #[inline]
    pub(super) fn into_outgoing(self) -> Outgoing {
        if self.is_gap() {
            return Outgoing::Lagged(self.stream.map(|stream| stream.topic().clone()));
        }
        Outgoing::Text(self.text)
    }
}

/// The change that dropping a message has made to a queue.
#[derive(Debug)]
pub(super) struct Dropped {
    pub(super) bytes: usize,
    /// The gaps that there are more, or fewer.
    pub(super) gaps: i32,
}

/// Adds a gap of a subscription behind all that waits; false where its last is a gap
/// already.
pub(super) fn add_gap(queue: &mut VecDeque<Queued>, stream: Option<&Arc<Stream>>) -> bool {
    let adds = !is_gap_next(queue.iter().rev(), stream.map(Arc::as_ref));
    if adds {
        push(queue, Queued::gap(stream));
    }
    adds
}

/// Drops the message that was published first, with what completes it, and has a gap in
/// its place; `None` where none waits.
pub(super) fn drop_oldest(queue: &mut VecDeque<Queued>) -> Option<Dropped> {
    let is_published = |it: &Queued| it.source == Source::Publisher;
    let place = queue.iter().position(is_published)?;
    let oldest = queue.remove(place)?;
    let mut bytes = oldest.len();
    while queue.get(place).is_some_and(Queued::completes) {
        bytes += queue.remove(place).map_or(0, |completion| completion.len());
    }
    let stream = oldest.stream.as_ref();
    let of = stream.map(Arc::as_ref);
    let is_before = is_gap_next(queue.range(..place).rev(), of);
    let is_behind = is_gap_next(queue.range(place..), of);
    let gaps = match (is_before, is_behind) {
        (true, true) => {
            let behind = queue.range(place..).position(|it| it.is_of(of));
            queue.remove(place + behind.unwrap_or_default());
            -1
        }
        (false, false) => {
            queue.insert(place, Queued::gap(stream));
            1
        }
        (true, false) | (false, true) => 0,
    };
    Some(Dropped { bytes, gaps })
}

/// True if the next thing of a subscription is a gap: another beside it tells nothing
/// more, so that there is never more than one for each of its frames and one behind them.
fn is_gap_next<'a>(mut queue: impl Iterator<Item = &'a Queued>, stream: Option<&Stream>) -> bool {
    let next = queue.find(|it| it.is_of(stream));
    next.is_some_and(Queued::is_gap)
}
