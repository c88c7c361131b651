//! The replies that come piece by piece, beside the handlers.

use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    panic::AssertUnwindSafe,
    sync::{Arc, atomic::Ordering},
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use tokio::sync::oneshot;
use tracing::{Instrument, debug, debug_span};

use crate::{
    connection::{Connection, Counters, Disconnect, Member},
    consumer::{FrameStream, HandlerError, StreamError},
    queue::{WakerSlot, wake},
    sync::Mutex,
    wire::{Correlation, Foreign},
};

/// The most streams that a connection may have under way.
const MAX_STREAMS: usize = 16;

/// The streams that answer what one consumer has been sent.
///
/// The worker begins them, and [`run`](Self::run) is the part of the session
/// that asks each for its next piece. Dropped, it drops them.
#[derive(Debug)]
pub(super) struct Streams {
    member: Member,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    intake: Intake,
    /// Boxed because few connections have any.
    lists: Option<Box<Lists>>,
    /// The part, waiting for a stream to begin.
    part: WakerSlot,
    /// The worker, waiting for one to fail.
    worker: WakerSlot,
}

/// The streams that there are.
#[derive(Debug, Default)]
struct Lists {
    under_way: Vec<UnderWay>,
    /// Those that the part has not seen yet.
    begun: Vec<Begun>,
    /// Those that have failed, for the worker to tell.
    failed: VecDeque<Box<FailedStream>>,
}

/// The fate of a stream that is begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Intake {
    #[default]
    Open,
    /// It is dropped, because the connection has begun to end.
    Closed,
}

/// A stream that is under way, as the worker knows it.
#[derive(Debug)]
struct UnderWay {
    id: u64,
    reference: Option<Box<str>>,
    /// Ends it early.
    stop: Option<oneshot::Sender<()>>,
    _place: Place,
}

/// One of the connection's places for streams.
#[derive(Debug)]
struct Place(Arc<Connection>);

/// A stream with all that is needed to send it.
#[derive(Debug)]
struct Begun {
    id: u64,
    frames: Box<FrameStream>,
    asked: Asked,
    stopped: oneshot::Receiver<()>,
}

/// The message or event that a stream answers.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) action: String,
    pub(super) correlation: Correlation<'static>,
    /// True if it was an event, of whose failures no client is told.
    pub(super) is_event: bool,
    /// The frame that is sent behind the last piece.
    pub(super) completion: Option<Bytes>,
}

/// A stream that has ended with an error.
#[derive(Debug)]
pub(super) struct FailedStream {
    id: u64,
    pub(super) asked: Asked,
    /// `None` where it panicked.
    pub(super) error: Option<HandlerError>,
}

impl Streams {
    pub(super) fn new(member: Member) -> Self {
        Self {
            member,
            state: Mutex::default(),
        }
    }

    /// Begins a stream, unless the connection has begun to end.
    ///
    /// # Errors
    ///
    /// The stream's question, where the connection has too many under way.
    pub(super) fn begin(&self, frames: Box<FrameStream>, asked: Asked) -> Result<(), Asked> {
        let mut state = self.state.lock();
        if state.intake == Intake::Closed {
            drop(state);
            debug!(asked.action, "dropped a stream of a connection that ends");
            return Ok(());
        }
        let Some(place) = Place::take(self.member.shared()) else {
            return Err(asked);
        };
        let (stop, stopped) = oneshot::channel();
        let lists = state.lists.get_or_insert_default();
        let id = lists.under_way.last().map_or(0, |last| last.id + 1);
        lists.under_way.push(UnderWay {
            id,
            reference: asked.correlation.reference.as_deref().map(Into::into),
            stop: Some(stop),
            _place: place,
        });
        lists.begun.push(Begun {
            id,
            frames,
            asked,
            stopped,
        });
        let part = state.part.take();
        drop(state);
        wake(part);
        Ok(())
    }

    /// True if a stream under way answers a message with this `ref`.
    pub(super) fn has(&self, reference: &str) -> bool {
        self.is_any_under_way() && self.state.lock().find(reference).is_some()
    }

    /// Ends a stream early. What answers that is its `complete`.
    pub(super) fn stop(&self, reference: &str) {
        let stop = {
            let mut state = self.state.lock();
            state.find(reference).and_then(|stream| stream.stop.take())
        };
        if let Some(stop) = stop {
            // An error says that it has ended meanwhile.
            let _ = stop.send(());
        }
    }

    /// The next stream that has failed, which is under way until it is taken.
    #[inline]
    pub(super) fn poll_failed(&self, cx: &Context<'_>) -> Poll<Box<FailedStream>> {
        if !self.is_any_under_way() {
            return Poll::Pending;
        }
        let mut state = self.state.lock();
        let lists = state.lists.as_mut();
        match lists.and_then(|lists| lists.failed.pop_front()) {
            Some(failed) => {
                state.remove(failed.id);
                Poll::Ready(failed)
            }
            None => {
                state.worker.register(cx);
                Poll::Pending
            }
        }
    }

    /// Read for every message, hence without the lock.
    fn is_any_under_way(&self) -> bool {
        self.member.shared().streams.load(Ordering::Relaxed) > 0
    }

    /// Sends the streams, each in its own time. Dropped, it drops them, and
    /// those that are begun from then on.
    pub(super) fn run(&self) -> impl Future<Output = Disconnect> + Unpin {
        let closes = Closes(self);
        // Made where there is a stream, and a box of a box, which is one word and not two: an
        // idle connection keeps no more room for it.
        let mut sending: Option<Box<BoxFuture<'_, ()>>> = None;
        poll_fn(move |cx| {
            let Closes(streams) = &closes;
            if sending.is_none() {
                let begun = streams.begun(cx);
                sending = (!begun.is_empty()).then(|| Box::new(streams.send_all(begun)));
            }
            if let Some(all) = &mut sending
                && all.poll_unpin(cx).is_ready()
            {
                sending = None;
            }
            Poll::Pending
        })
    }

    /// Sends these streams, and those that begin before the last of them has ended.
    ///
    /// Boxed, so that it is compiled here and not once more for each transport.
    fn send_all(&self, begun: Vec<Begun>) -> BoxFuture<'_, ()> {
        let sending = begun.into_iter().map(|begun| self.send(begun));
        let mut sending: FuturesUnordered<_> = sending.collect();
        Box::pin(poll_fn(move |cx| {
            let begun = self.begun(cx).into_iter();
            sending.extend(begun.map(|begun| self.send(begun)));
            while let Poll::Ready(Some(())) = sending.poll_next_unpin(cx) {}
            match sending.is_empty() {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        }))
    }

    fn begun(&self, cx: &Context<'_>) -> Vec<Begun> {
        let mut state = self.state.lock();
        state.part.register(cx);
        let lists = state.lists.as_mut();
        lists.map_or_else(Vec::new, |lists| std::mem::take(&mut lists.begun))
    }

    /// Sends one stream, and what completes it.
    fn send(&self, begun: Begun) -> impl Future<Output = ()> {
        let Begun {
            id,
            frames,
            asked,
            stopped,
        } = begun;
        let span = debug_span!(
            "stream",
            action = %Foreign::name(&asked.action),
            r#ref = asked.correlation.reference.as_deref().map(|it| tracing::field::display(Foreign::name(it))),
        );
        let sending = async move {
            let pieces = AssertUnwindSafe(self.send_pieces(frames)).catch_unwind();
            let ended = tokio::select! {
                biased;
                // Told to stop, or the worker is gone.
                _ = stopped => Ok(Ok(())),
                ended = pieces => ended,
            };
            let error = match ended {
                Ok(Ok(())) => {
                    if let Some(completion) = asked.completion {
                        let _ = self.member.send(completion).await;
                    }
                    return self.finish(id);
                }
                Ok(Err(error)) => Some(error),
                Err(_) => None,
            };
            self.fail(FailedStream { id, asked, error });
        };
        sending.instrument(span)
    }

    /// Sends the pieces, one at a time; a connection that ends needs no more of them.
    async fn send_pieces(&self, mut frames: Box<FrameStream>) -> Result<(), HandlerError> {
        while let Some(frame) = frames.next().await {
            let frame = frame.inspect_err(|error| {
                if let StreamError::Encode(_) = error {
                    Counters::add(&self.member.counters().messages_unsendable, 1);
                }
            })?;
            if self.member.send(frame).await.is_err() {
                break;
            }
            tokio::task::coop::consume_budget().await;
        }
        Ok(())
    }

    fn finish(&self, id: u64) {
        self.state.lock().remove(id);
    }

    fn fail(&self, failed: FailedStream) {
        let worker = {
            let mut state = self.state.lock();
            let lists = state.lists.get_or_insert_default();
            lists.failed.push_back(Box::new(failed));
            state.worker.take()
        };
        wake(worker);
    }
}

impl State {
    fn find(&mut self, reference: &str) -> Option<&mut UnderWay> {
        let mut under_way = self.lists.as_mut()?.under_way.iter_mut();
        under_way.find(|stream| stream.reference.as_deref() == Some(reference))
    }

    fn remove(&mut self, id: u64) {
        if let Some(lists) = &mut self.lists {
            lists.under_way.retain(|stream| stream.id != id);
        }
    }
}

/// Drops what is under way, with the part that sends it.
struct Closes<'a>(&'a Streams);

impl Drop for Closes<'_> {
    fn drop(&mut self) {
        let dropped = {
            let mut state = self.0.state.lock();
            state.intake = Intake::Closed;
            state.lists.take()
        };
        let dropped = dropped.map_or(0, |dropped| dropped.under_way.len());
        if dropped > 0 {
            debug!(streams = dropped, "dropped with the connection");
        }
    }
}

impl Place {
    /// One of the places, unless all are taken.
    fn take(connection: &Arc<Connection>) -> Option<Self> {
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
