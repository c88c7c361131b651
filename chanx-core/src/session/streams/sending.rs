//! The part of a session that sends the streams, piece by piece.

use std::{
    future::{Future, poll_fn},
    panic::AssertUnwindSafe,
    task::{Context, Poll},
};

use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use tracing::{Instrument, debug, debug_span};

use super::{
    Streams,
    state::{Begun, FailedStream, Intake},
};
use crate::{
    connection::{Counters, Disconnect},
    consumer::{FrameStream, HandlerError, StreamError},
    queue::wake,
    wire::Foreign,
};

impl Streams {
    /// Sends the streams, each in its own time. Dropped, it drops them, and
    /// those that are begun from then on.
    pub(in crate::session) fn run(&self) -> impl Future<Output = Disconnect> + Unpin {
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
    ///
    /// Boxed, as a lane's future is, so that what polls many side by side is compiled once for
    /// both.
    fn send(&self, begun: Begun) -> BoxFuture<'_, ()> {
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
        Box::pin(sending.instrument(span))
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
