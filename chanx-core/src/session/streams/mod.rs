//! The replies that come piece by piece, beside the handlers.

mod sending;
mod state;

use std::{
    sync::atomic::Ordering,
    task::{Context, Poll},
};

use tokio::sync::oneshot;
use tracing::debug;

pub(super) use self::state::{Asked, FailedStream};
use self::state::{Begun, Intake, Place, State, UnderWay};
use crate::{connection::Member, consumer::FrameStream, queue::wake, sync::Mutex};

/// The streams that answer what one consumer has been sent.
///
/// The worker begins them, and [`run`](Self::run) is the part of the session
/// that asks each for its next piece. Dropped, it drops them.
#[derive(Debug)]
pub(super) struct Streams {
    pub(super) member: Member,
    state: Mutex<State>,
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
    #[inline(always)]
    pub(super) fn poll_failed(&self, cx: &Context<'_>) -> Poll<Box<FailedStream>> {
        match self.is_any_under_way() {
            true => self.poll_failed_under_way(cx),
            false => Poll::Pending,
        }
    }

    fn poll_failed_under_way(&self, cx: &Context<'_>) -> Poll<Box<FailedStream>> {
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
}
