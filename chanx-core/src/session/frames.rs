//! A client's frames that are no plain messages.

use futures_util::future::BoxFuture;

use super::{
    handlers::Step,
    rate::Allowance,
    read::{Read, action_of, correlation_of, decode},
    worker::Worker,
};
use crate::{
    connection::Disconnect,
    identity::Topic,
    wire::{ErrorPayload, Frame, Inbound, unsubscribed_reply},
};

impl Worker<'_> {
    /// Answers a frame.
    pub(super) async fn on_frame(&mut self, frame: &Frame, allowance: Allowance) -> Step {
        let read = decode(frame);
        if let Ok(message) = &read
            && allowance == Allowance::Within
            && self.is_handlers(message)
        {
            self.handlers.answer_to(&message.correlation);
            return self.handlers.on_message(message).await;
        }
        self.on_other(read, allowance).await
    }

    /// True if a message is for a handler and nobody else: no topic's, no stream's.
    #[inline]
    fn is_handlers(&self, message: &Inbound<'_>) -> bool {
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
