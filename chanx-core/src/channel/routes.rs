//! The routes from an action, or an event, to a method.

use std::{
    any::TypeId,
    collections::{BTreeMap, HashMap},
    fmt,
    sync::Arc,
};

use futures_util::future::BoxFuture;

use super::topics::TopicRoute;
use crate::{
    connection::AnyEvent,
    consumer::{Context, Frames, HandlerError, Replies, Reply},
    event::EventSet,
    message::MessageSet,
    wire::{InvalidPayload, Payload, complete_frame},
};

/// The outcome of a handler: encoded replies, or its error.
#[derive(Debug)]
pub struct Answer(pub(crate) Result<Frames, HandlerError>);

/// Encodes what a handler has returned.
pub fn answer<C, R: Reply>(reply: R, ctx: &Context<C>) -> Answer {
    let member = ctx.as_handle().member();
    let mut replies = Replies::to(ctx.correlation(), member.counters());
    let frames = reply.encode(&mut replies).map(|()| replies.into_frames());
    Answer(match frames {
        // A stream of nothing, which is complete; with completion frames each message is.
        Ok(Frames::None)
            if R::MAY_STREAM && ctx.request_ref().is_some() && !member.sends_completions() =>
        {
            Ok(Frames::One(complete_frame(ctx.correlation())))
        }
        frames => frames,
    })
}

/// A handler of messages, with its future boxed and its reply encoded.
pub type MessageHandler<C, M> =
    for<'a> fn(&'a mut C, M, &'a mut Context<C>) -> BoxFuture<'a, Answer>;

/// A handler with its future boxed, waiting to be run.
pub(crate) type Running<'a> = BoxFuture<'a, Answer>;

type MessageRoute<C> = dyn for<'a> Fn(
        &'a mut C,
        &str,
        Payload<'_>,
        &'a mut Context<C>,
    ) -> Result<Running<'a>, InvalidPayload>
    + Send
    + Sync;

type EventRoute<C> =
    dyn for<'a> Fn(&'a mut C, AnyEvent, &'a mut Context<C>) -> Option<Running<'a>> + Send + Sync;

/// The handlers of a channel.
pub(crate) struct Routes<C> {
    /// Few: comparing their actions takes less than hashing one.
    messages: BTreeMap<&'static str, Arc<MessageRoute<C>>>,
    events: HashMap<TypeId, Box<EventRoute<C>>>,
    /// In order of declaration: the first that matches has it.
    pub(crate) topics: Vec<TopicRoute<C>>,
}

impl<C: 'static> Routes<C> {
    pub(super) fn message<M: MessageSet>(&mut self, handler: MessageHandler<C, M>) {
        let route: Arc<MessageRoute<C>> = Arc::new(move |consumer, action, payload, ctx| {
            let message = M::decode(action, payload)?;
            Ok(handler(consumer, message, ctx))
        });
        for action in M::ACTIONS {
            self.messages.insert(action, route.clone());
        }
    }

    pub(super) fn event<E: EventSet>(&mut self, handler: MessageHandler<C, E>) {
        let route: Box<EventRoute<C>> = Box::new(move |consumer, delivery, ctx| {
            let event = delivery.into_event::<E>()?;
            Some(handler(consumer, event, ctx))
        });
        self.events.insert(TypeId::of::<E>(), route);
    }

    /// The handler of a client's message.
    pub(crate) fn for_action(&self, action: &str) -> Option<&MessageRoute<C>> {
        self.messages.get(action).map(AsRef::as_ref)
    }

    /// The handler of an event.
    pub(crate) fn for_event(&self, delivery: &AnyEvent) -> Option<&EventRoute<C>> {
        let route = self.events.get(&delivery.event_type()?);
        route.map(AsRef::as_ref)
    }
}

impl<C> Default for Routes<C> {
    fn default() -> Self {
        Self {
            messages: BTreeMap::new(),
            events: HashMap::new(),
            topics: Vec::new(),
        }
    }
}

impl<C> fmt::Debug for Routes<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Routes")
            .field("actions", &self.messages.keys())
            .field("events", &self.events.len())
            .field("topics", &self.topics)
            .finish()
    }
}
