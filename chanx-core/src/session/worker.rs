//! The part of a session that runs the connection's own consumer.

use std::{
    future::poll_fn,
    sync::atomic::Ordering,
    task::{Context, Poll},
};

use futures_util::future::BoxFuture;

use super::{
    ask::Ask,
    handlers::{Handlers, Step, WrongGuess},
    inbox::Work,
    observed::OnConnected,
    rate::Allowance,
    read::{Read, action_of, correlation_of, decode},
    reader::ReadMessages,
    streams::FailedStream,
};
use crate::{
    connection::{AnyEvent, Counters, Disconnect, Stage},
    identity::Topic,
    wire::{ErrorPayload, Frame, Guess, Inbound, subscribed_frame, unsubscribed_reply},
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
        let mut events_first = false;
        while step.is_continue() {
            events_first = !events_first;
            let mut frame = None;
            let other = poll_fn(|cx| self.poll_next(events_first, &mut frame, cx)).await;
            let stage = connection.stage();
            step = match (&frame, other) {
                (None, None) => break,
                (Some(_), _) | (_, Some(Other::Ask(_))) if stage == Stage::Dropping => break,
                (Some(frame), _) => {
                    let allowance = common.allowance();
                    let guess = Guess::default();
                    let mut read = match self.guessed(frame, allowance, &guess) {
                        Some(message) => Ok(message),
                        None => decode(frame),
                    };
                    let step = loop {
                        if let Ok(message) = &read
                            && allowance == Allowance::Within
                            && self.is_plain(message)
                        {
                            self.handlers.answer_to(&message.correlation);
                            match self.handlers.on_message(message).await {
                                Ok(step) => break step,
                                Err(WrongGuess) => read = decode(frame),
                            }
                        } else {
                            break self.on_other(read, allowance).await;
                        }
                    };
                    let handlers = &mut self.handlers;
                    let is_streaming = std::mem::take(&mut handlers.is_streaming);
                    if step.is_continue() && !is_streaming && handlers.sends_completions() {
                        handlers.complete().await;
                    }
                    handlers.answer_nobody();
                    Counters::add_own(&connection.counters.frames_handled, 1);
                    step
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

    /// The next thing to do. A frame is put in its place, because each move of one costs
    /// about as much as finding it; `None` and no frame once the inbox has closed and is
    /// empty.
    #[inline]
    fn poll_next(
        &mut self,
        events_first: bool,
        frame: &mut Option<Frame>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Other>> {
        let next = self.poll_any(events_first, frame, cx);
        let is_idle = &self.handlers.common.connection.is_idle;
        is_idle.store(next.is_pending(), Ordering::Relaxed);
        next
    }

    /// Of frames and events neither can starve the other. A stream that has failed comes
    /// first, as there are few of them.
    #[inline]
    fn poll_any(
        &self,
        events_first: bool,
        frame: &mut Option<Frame>,
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
        if let Poll::Ready(ask) = self.poll_work(frame, cx) {
            return Poll::Ready(ask.map(Other::Ask));
        }
        member.poll_event(cx).map(|event| Some(Other::Event(event)))
    }

    /// What the reader has brought or, where it has nothing, a message off the socket.
    #[inline]
    fn poll_work(&self, frame: &mut Option<Frame>, cx: &mut Context<'_>) -> Poll<Option<Box<Ask>>> {
        let inbox = self.handlers.common.inbox;
        if inbox.is_workers_turn() || inbox.take_turn() {
            return self.messages.poll_message(frame, cx).map(|()| None);
        }
        inbox.poll_pop(cx).map(|work| match work? {
            Work::Frame(popped) => {
                *frame = Some(popped);
                None
            }
            Work::Ask(ask) => Some(ask),
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

    /// The message that a frame seems to be, if that is for a handler and nobody else.
    #[inline]
    fn guessed<'f>(
        &self,
        frame: &'f Frame,
        allowance: Allowance,
        guess: &'f Guess,
    ) -> Option<Inbound<'f>> {
        let may_be_plain = allowance == Allowance::Within && self.handlers.member.topic().is_none();
        Inbound::guess(frame.text().filter(|_| may_be_plain)?, guess)
    }

    /// True if a message is for a handler and nobody else: no topic's, no stream's.
    #[inline]
    fn is_plain(&self, message: &Inbound<'_>) -> bool {
        let (handlers, correlation) = (&self.handlers, &message.correlation);
        let names_topic = correlation.topic.is_some() || handlers.member.topic().is_some();
        !names_topic && !handlers.is_about_a_stream(Some(&message.action), correlation)
    }

    /// Answers a frame that is more than a message for a handler, or less.
    fn on_other<'s>(&'s mut self, read: Read<'s>, allowance: Allowance) -> BoxFuture<'s, Step> {
        Box::pin(async move {
            let handlers = &mut self.handlers;
            let mut correlation = correlation_of(&read).clone();
            if correlation.topic.is_none() {
                // On a topic's own route, what names none belongs to it.
                let topic = handlers.member.topic();
                correlation.topic = topic.map(|topic| topic.to_string().into());
            }
            let action = action_of(&read);
            if handlers.is_about_a_stream(action, &correlation) {
                let step = handlers.on_frame_about_a_stream(action, &correlation, allowance);
                let step = step.await;
                // It has been completed, or the stream will be.
                self.handlers.is_streaming = true;
                return step;
            }
            let names_topic = correlation.topic.is_some();
            handlers.answer_to(&correlation);
            if names_topic && allowance == Allowance::Within {
                self.on_topic(read).await
            } else {
                handlers.on_frame(read, allowance).await
            }
        })
    }

    /// Answers a frame of a topic that has no lane, or on a topic's own route.
    async fn on_topic(&mut self, read: Read<'_>) -> Step {
        let correlation = self.handlers.served.correlation();
        let action = action_of(&read);
        let own = self.handlers.member.topic();
        let is_own = own.map(Topic::as_str) == correlation.topic.as_deref();
        match action {
            Some("unsubscribe") if is_own || own.is_none() => {
                let frame = unsubscribed_reply(correlation);
                self.handlers.send(frame).await;
                match is_own {
                    true => Step::Break(Disconnect::Unsubscribed),
                    false => Step::Continue(()),
                }
            }
            Some("subscribe") if own.is_none() => {
                let refused = match self.handlers.served.has_topics() {
                    true => ErrorPayload::with_reason("too_many_topics", "too many topics"),
                    false => ErrorPayload::with_reason("unknown_topic", "no such topic"),
                };
                self.handlers.answer_error(refused).await
            }
            _ => self.handlers.on_frame(read, Allowance::Within).await,
        }
    }
}
