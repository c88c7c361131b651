//! The streams that there are, and the places for them.

use std::{
    collections::VecDeque,
    sync::{Arc, atomic::Ordering},
};

use bytes::Bytes;
use tokio::sync::oneshot;

use crate::{
    connection::Connection,
    consumer::{FrameStream, HandlerError},
    queue::WakerSlot,
    wire::Correlation,
};

/// The most streams that a connection may have under way.
const MAX_STREAMS: usize = 16;

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) intake: Intake,
    /// Boxed because few connections have any.
    pub(super) lists: Option<Box<Lists>>,
    /// The part, waiting for a stream to begin.
    pub(super) part: WakerSlot,
    /// The worker, waiting for one to fail.
    pub(super) worker: WakerSlot,
}

/// The streams that there are.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) under_way: Vec<UnderWay>,
    /// Those that the part has not seen yet.
    pub(super) begun: Vec<Begun>,
    /// Those that have failed, for the worker to tell.
    pub(super) failed: VecDeque<Box<FailedStream>>,
}

/// The fate of a stream that is begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Intake {
    #[default]
    Open,
    /// It is dropped, because the connection has begun to end.
    Closed,
}

/// A stream that is under way, as the worker knows it.
#[derive(Debug)]
pub(super) struct UnderWay {
    pub(super) id: u64,
    pub(super) reference: Option<Box<str>>,
    /// Ends it early.
    pub(super) stop: Option<oneshot::Sender<()>>,
    pub(super) _place: Place,
}

/// One of the connection's places for streams.
#[derive(Debug)]
pub(super) struct Place(Arc<Connection>);

/// A stream with all that is needed to send it.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) id: u64,
    pub(super) frames: Box<FrameStream>,
    pub(super) asked: Asked,
    pub(super) stopped: oneshot::Receiver<()>,
}

/// The message or event that a stream answers.
#[derive(Debug)]
pub(in crate::session) struct Asked {
    pub(in crate::session) action: String,
    pub(in crate::session) correlation: Correlation<'static>,
    /// True if it was an event, of whose failures no client is told.
    pub(in crate::session) is_event: bool,
    /// The frame that is sent behind the last piece.
    pub(in crate::session) completion: Option<Bytes>,
}

/// A stream that has ended with an error.
#[derive(Debug)]
pub(in crate::session) struct FailedStream {
    pub(super) id: u64,
    pub(in crate::session) asked: Asked,
    /// `None` where it panicked.
    pub(in crate::session) error: Option<HandlerError>,
}

impl State {
    pub(super) fn find(&mut self, reference: &str) -> Option<&mut UnderWay> {
        let mut under_way = self.lists.as_mut()?.under_way.iter_mut();
        under_way.find(|stream| stream.reference.as_deref() == Some(reference))
    }

    pub(super) fn remove(&mut self, id: u64) {
        if let Some(lists) = &mut self.lists {
            lists.under_way.retain(|stream| stream.id != id);
        }
    }
}

impl Place {
    /// One of the places, unless all are taken.
    pub(super) fn take(connection: &Arc<Connection>) -> Option<Self> {
        let taken = connection.streams.fetch_add(1, Ordering::Relaxed);
        // Given back at once where it is one too many.
        let place = Self(connection.clone());
        (taken < MAX_STREAMS).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.streams.fetch_sub(1, Ordering::Relaxed);
    }
}
