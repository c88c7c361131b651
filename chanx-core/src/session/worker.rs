//! The part of a session that runs the connection's own consumer.

use std::{
    future::poll_fn,
    sync::atomic::Ordering,
    task::{Context, Poll, ready},
};

use futures_util::future::BoxFuture;
use tokio::task::coop::consume_budget;

use super::{
    ask::Ask,
    handlers::{Handlers, Step},
    inbox::Work,
    observed::OnConnected,
    plain::{Handled, NO_MARKS},
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
    /// What is left of a message that its handler is done with.
    Rest(Box<Handled>),
}

/// What has come.
enum Came<'h> {
    /// A message that its handler is done with, and what is left to do of it.
    Handled(Result<(), Box<Handled>>),
    /// A message whose handler waits.
    Waiting(BoxFuture<'h, Handled>),
    /// Something to do, where it is no frame.
    Other(Option<Other>),
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
        if let Step::Break(why) = self.connected(on_connected).await {
            return why;
        }
        let mut events_first = true;
        loop {
            let mut next = Incoming::default();
            let other = self.next(&mut events_first, &mut next).await;
            let stage = connection.stage();
            let step = match (&next.frame, other) {
                (None, None) => return connection.ended().await,
                (Some(_), _) | (_, Some(Other::Ask(_))) if stage == Stage::Dropping => {
                    return connection.ended().await;
                }
                (Some(frame), _) => {
                    let allowance = next.allowance.unwrap_or_else(|| common.allowance());
                    let step = self.on_frame(frame, allowance).await;
                    self.handled(step).await
                }
                (None, Some(Other::Rest(rest))) => {
                    let step = self.handlers.finish(*rest).await;
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
            if let Step::Break(why) = step {
                return why;
            }
            consume_budget().await;
        }
    }

    /// Handles plain messages until there is something else to do. A frame is put in its
    /// place, because each move of one costs about as much as finding it; `None` and no
    /// frame once the inbox has closed and is empty.
    async fn next(&mut self, events_first: &mut bool, next: &mut Incoming) -> Option<Other> {
        let (common, member) = (self.handlers.common, self.handlers.member);
        loop {
            let finished = match once(|cx| self.poll_next(events_first, next, cx)).await {
                Poll::Pending => {
                    a_wake().await;
                    continue;
                }
                Poll::Ready(Came::Other(other)) => return other,
                Poll::Ready(Came::Handled(finished)) => finished,
                Poll::Ready(Came::Waiting(message)) => {
                    // Its handler has just been polled.
                    a_wake().await;
                    message.await.finish_at_once(common, member, NO_MARKS)
                }
            };
            if let Err(rest) = finished {
                return Some(Other::Rest(rest));
            }
            next.allowance = None;
            consume_budget().await;
        }
    }

    /// The next thing that has come.
    ///
    /// Of frames and events neither can starve the other. A stream that has failed comes
    /// first, as there are few of them.
    #[inline]
    fn poll_next<'h>(
        &'h mut self,
        events_first: &mut bool,
        next: &mut Incoming,
        cx: &mut Context<'_>,
    ) -> Poll<Came<'h>> {
        let (common, member) = (self.handlers.common, self.handlers.member);
        let connection = common.connection;
        let event = |event| Came::Other(Some(Other::Event(event)));
        let found = if let Poll::Ready(failed) = self.handlers.streams.poll_failed(cx) {
            Poll::Ready(Came::Other(Some(Other::FailedStream(failed))))
        // Whether any may wait is told without a lock.
        } else if *events_first
            && connection.waiting.is_any()
            && let Poll::Ready(next) = member.poll_event(cx)
        {
            Poll::Ready(event(next))
        } else {
            match self.poll_work(next, cx) {
                Poll::Pending => member.poll_event(cx).map(event),
                found @ Poll::Ready(_) => found,
            }
        };
        *events_first ^= found.is_ready();
        let is_idle = found.is_pending();
        connection.is_idle.store(is_idle, Ordering::Relaxed);
        found
    }

    /// What the reader has brought or, where it has nothing, a message off the socket.
    ///
    /// The handler of a plain message is run as far as it comes.
    #[inline]
    fn poll_work<'h>(&'h mut self, next: &mut Incoming, cx: &mut Context<'_>) -> Poll<Came<'h>> {
        let Self { handlers, messages } = self;
        let (common, member) = (handlers.common, handlers.member);
        let (mut handlers, mut begun) = (Some(handlers), None);
        let mut begin = |text: &[u8]| {
            let allowance = *next.allowance.insert(common.allowance());
            let handlers = handlers.take();
            begun = handlers.and_then(|handlers| handlers.begin_plain(text, allowance));
            begun.is_some()
        };
        let mut ask = None;
        if common.inbox.is_workers_turn() || common.inbox.take_turn() {
            ready!(messages.poll_message(&mut begin, &mut next.frame, cx));
        } else {
            match ready!(common.inbox.poll_pop(cx)) {
                Some(Work::Frame(frame)) => {
                    let is_begun = frame.text().is_some_and(|text| begin(text));
                    next.frame = (!is_begun).then_some(frame);
                }
                Some(Work::Ask(asked)) => ask = Some(asked),
                None => {}
            }
        }
        let Some(begun) = begun else {
            return Poll::Ready(Came::Other(ask.map(Other::Ask)));
        };
        Poll::Ready(match begun.run(common, cx) {
            Err(waiting) => Came::Waiting(waiting),
            Ok(handled) => Came::Handled(handled.finish_at_once(common, member, NO_MARKS)),
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

/// Asks once, with the waker of whoever polls.
///
/// Unlike that of [`poll_fn`], what is asked may hand on what it borrows.
#[inline]
fn once<T>(ask: impl FnOnce(&mut Context<'_>) -> T) -> impl Future<Output = T> {
    let mut ask = Some(ask);
    poll_fn(move |cx| {
        let ask = ask.take().expect("it is ready when it is polled");
        Poll::Ready(ask(cx))
    })
}

/// Waits until whoever polls is woken, for whatever reason.
#[inline]
fn a_wake() -> impl Future<Output = ()> {
    let mut has_waited = false;
    poll_fn(move |_| match std::mem::replace(&mut has_waited, true) {
        true => Poll::Ready(()),
        false => Poll::Pending,
    })
}
