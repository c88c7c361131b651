//! The part of a session that runs the connection's own consumer.

use std::{
    future::poll_fn,
    sync::atomic::Ordering,
    task::{Context, Poll, ready},
};

use futures_util::future::BoxFuture;
use tokio::task::coop::poll_proceed;

use super::{
    ask::Ask,
    at_once::AtOnce,
    handlers::{Handlers, Step},
    inbox::Work,
    observed::OnConnected,
    rate::Allowance,
    reader::ReadMessages,
    streams::FailedStream,
};
use crate::{
    connection::{AnyEvent, Counters, Disconnect, Stage},
    wire::{Frame, subscribed_frame},
};

/// Runs the consumer of one connection, and what its lanes ask of it.
pub(super) struct Worker<'a> {
    pub(super) handlers: Handlers<'a>,
    /// The client's messages, for as long as nothing else is to be done.
    pub(super) messages: &'a dyn ReadMessages,
}

/// The next thing to do, where it is no frame.
enum Other {
    Ask(Box<Ask>),
    Event(AnyEvent),
    FailedStream(Box<FailedStream>),
    /// A message that has been handled, and not answered.
    Rest(Box<AtOnce>),
}

/// A frame that is next, if one is, and whether the client was to send it yet, if that
/// has been asked.
#[derive(Default)]
struct Incoming {
    frame: Option<Frame>,
    allowance: Option<Allowance>,
}

impl Worker<'_> {
    /// Runs `connected`, then a handler for each frame and event in turn, until
    /// nothing is left to handle of a connection that has begun to end.
    ///
    /// Dropped, it cancels the running handler at its current await.
    ///
    /// Tells `on_connected` when `connected` has returned, and drops it wherever
    /// that does not come to pass.
    pub(super) async fn run(&mut self, on_connected: OnConnected) -> Disconnect {
        let common = self.handlers.common;
        let connection = common.connection;
        if let Some(why) = connection.ending()
            && common.inbox.is_empty()
        {
            // The client has left without a word, or the server was shutting down before.
            return why;
        }
        let mut step = self.connected(on_connected).await;
        let mut events_first = true;
        while step.is_continue() {
            let mut next = Incoming::default();
            let other = poll_fn(|cx| self.poll_next(&mut events_first, &mut next, cx)).await;
            let stage = connection.stage();
            step = match (&next.frame, other) {
                (None, None) => break,
                (Some(_), _) | (_, Some(Other::Ask(_))) if stage == Stage::Dropping => break,
                (Some(frame), _) => {
                    let allowance = next.allowance.unwrap_or_else(|| common.allowance());
                    let step = self.on_frame(frame, allowance).await;
                    self.handled(step).await
                }
                (None, Some(Other::Rest(message))) => {
                    let step = self.handlers.finish(*message).await;
                    self.handled(step).await
                }
                (None, Some(Other::Ask(ask))) => self.on_ask(*ask).await,
                (None, Some(Other::Event(event))) if stage == Stage::Open => {
                    self.handlers.on_event(event).await
                }
                (None, Some(Other::Event(_))) => {
                    connection.drop_events(1);
                    Step::Continue(())
                }
                (None, Some(Other::FailedStream(failed))) => {
                    self.handlers.on_failed_stream(*failed).await
                }
            };
            tokio::task::coop::consume_budget().await;
        }
        match step {
            Step::Break(why) => why,
            Step::Continue(()) => connection.ended().await,
        }
    }

    /// The next thing to do that takes an await. A frame is put in its place, because each
    /// move of one costs about as much as finding it; `None` and no frame once the inbox
    /// has closed and is empty.
    ///
    /// Messages that take none are handled here, one after the other.
    #[inline]
    fn poll_next(
        &mut self,
        events_first: &mut bool,
        next: &mut Incoming,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Other>> {
        loop {
            let mut handled = None;
            let found = self.poll_any(*events_first, next, &mut handled, cx);
            let is_idle = &self.handlers.common.connection.is_idle;
            is_idle.store(found.is_pending(), Ordering::Relaxed);
            let other = ready!(found);
            *events_first = !*events_first;
            let Some(handled) = handled else {
                return Poll::Ready(other);
            };
            next.allowance = None;
            if let Err(rest) = self.handlers.finish_at_once(handled) {
                return Poll::Ready(Some(Other::Rest(rest)));
            }
            ready!(poll_proceed(cx)).made_progress();
        }
    }

    /// Of frames and events neither can starve the other. A stream that has failed comes
    /// first, as there are few of them.
    #[inline]
    fn poll_any(
        &mut self,
        events_first: bool,
        next: &mut Incoming,
        handled: &mut Option<AtOnce>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Other>> {
        let Handlers {
            member,
            common,
            streams,
            ..
        } = &self.handlers;
        if let Poll::Ready(failed) = streams.poll_failed(cx) {
            return Poll::Ready(Some(Other::FailedStream(failed)));
        }
        // Whether any may wait is told without a lock.
        if events_first
            && common.connection.waiting.is_any()
            && let Poll::Ready(event) = member.poll_event(cx)
        {
            return Poll::Ready(Some(Other::Event(event)));
        }
        if let Poll::Ready(ask) = self.poll_work(next, handled, cx) {
            return Poll::Ready(ask.map(Other::Ask));
        }
        let event = self.handlers.member.poll_event(cx);
        event.map(|event| Some(Other::Event(event)))
    }

    /// What the reader has brought or, where it has nothing, a message off the socket.
    #[inline]
    fn poll_work(
        &mut self,
        next: &mut Incoming,
        handled: &mut Option<AtOnce>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Box<Ask>>> {
        let Self { handlers, messages } = self;
        let common = handlers.common;
        let mut handle = |text: &[u8]| {
            let allowance = common.allowance();
            next.allowance = Some(allowance);
            *handled = handlers.handle_at_once(text, allowance);
            handled.is_some()
        };
        if common.inbox.is_workers_turn() || common.inbox.take_turn() {
            let read = messages.poll_message(&mut handle, &mut next.frame, cx);
            return read.map(|()| None);
        }
        let work = ready!(common.inbox.poll_pop(cx));
        Poll::Ready(match work {
            Some(Work::Frame(frame)) => {
                let is_handled = frame.text().is_some_and(|text| handle(text));
                next.frame = (!is_handled).then_some(frame);
                None
            }
            Some(Work::Ask(ask)) => Some(ask),
            None => None,
        })
    }

    /// Joins, tells the client of a topic's own route, and runs `connected`.
    ///
    /// Boxed, as all steps are that are rare: so none enlarges an idle connection, and each
    /// is compiled here, not once more for each transport.
    fn connected(&mut self, on_connected: OnConnected) -> BoxFuture<'_, Step> {
        Box::pin(async move {
            if let Err(error) = self.handlers.join().await {
                return self.handlers.failed("connected", &error).await;
            }
            self.handlers.answer_nobody();
            if self.handlers.member.topic().is_some() {
                let frame = subscribed_frame(self.handlers.served.correlation());
                self.handlers.send(frame).await;
            }
            let step = self.handlers.connected().await;
            if step.is_continue() {
                on_connected.tell();
            }
            step
        })
    }

    /// Notes that a frame has been dealt with, and tells a client that wants to know.
    async fn handled(&mut self, step: Step) -> Step {
        let handlers = &mut self.handlers;
        let is_streaming = std::mem::take(&mut handlers.is_streaming);
        if step.is_continue() && !is_streaming && handlers.sends_completions() {
            handlers.complete().await;
        }
        handlers.answer_nobody();
        let counters = &handlers.common.connection.counters;
        Counters::add_own(&counters.frames_handled, 1);
        step
    }
}
