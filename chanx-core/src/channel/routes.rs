//! The routes from an action, or an event, to a method.

use std::{any::TypeId, fmt, sync::Arc};

use super::{
    Channel,
    handler::{Called, Handler},
    keyed::Keyed,
    part::PartHooks,
    route::Route,
    served::{Admitting, Place},
    topics::{TopicRoute, no_such_topic},
};
use crate::{
    connection::AnyEvent,
    consumer::{Context, Rejection},
    event::EventSet,
    identity::Topic,
    message::MessageSet,
    wire::{InvalidPayload, Payload},
};

/// The way to the handler of a client's message.
pub(super) struct MessageRoute<C> {
    /// False where the handler answers as it is called.
    pub(super) may_wait: bool,
    pub(super) call: Arc<CallForMessage<C>>,
}

pub(super) type CallForMessage<C> = dyn for<'a> Fn(
        &'a mut C,
        &str,
        Payload<'_>,
        &'a mut Context<C>,
    ) -> Result<Called<'a>, InvalidPayload>
    + Send
    + Sync;

pub(super) type EventRoute<C> =
    dyn for<'a> Fn(&'a mut C, AnyEvent, &'a mut Context<C>) -> Option<Called<'a>> + Send + Sync;

/// The handlers of a channel.
pub(crate) struct Routes<C> {
    pub(super) messages: Keyed<&'static str, MessageRoute<C>>,
    pub(super) events: Keyed<TypeId, Box<EventRoute<C>>>,
    pub(super) parts: PartHooks<C>,
    /// In order of declaration: the first that matches has it.
    pub(crate) topics: Vec<TopicRoute<C>>,
}

impl<C: 'static> Routes<C> {
    pub(super) fn message<M: MessageSet>(&mut self, handler: Handler<C, M>) {
        let may_wait = handler.may_wait();
        let call: Arc<CallForMessage<C>> = Arc::new(move |consumer, action, payload, ctx| {
            let message = M::decode(action, payload)?;
            if payload.is_guess() {
                // It has not been looked at.
                return Err(InvalidPayload::unknown_action());
            }
            Ok(handler.call(consumer, message, ctx))
        });
        for action in M::ACTIONS {
            let call = call.clone();
            self.messages
                .insert(action, MessageRoute { may_wait, call });
        }
    }

    pub(super) fn event<E: EventSet>(&mut self, handler: Handler<C, E>) {
        let route: Box<EventRoute<C>> = Box::new(move |consumer, delivery, ctx| {
            let event = delivery.into_event::<E>()?;
            Some(handler.call(consumer, event, ctx))
        });
        self.events.insert(TypeId::of::<E>(), route);
    }

    /// The handler of a client's message.
    #[inline]
    pub(super) fn for_action(&self, action: &[u8]) -> Option<Route> {
        let place = self.messages.find(|known| known.as_bytes() == action)?;
        let (action, route) = self.messages.at(place);
        Some(Route {
            place,
            action,
            may_wait: route.may_wait,
        })
    }

    /// Calls the handler of a client's message.
    ///
    /// # Errors
    ///
    /// What keeps the payload from being the handler's message.
    #[inline]
    pub(super) fn call<'a>(
        &self,
        route: Route,
        consumer: &'a mut C,
        payload: Payload<'_>,
        ctx: &'a mut Context<C>,
    ) -> Result<Called<'a>, InvalidPayload> {
        let (action, found) = self.messages.at(route.place);
        (found.call)(consumer, action, payload, ctx)
    }

    /// The handler of an event.
    pub(crate) fn for_event(&self, delivery: &AnyEvent) -> Option<&EventRoute<C>> {
        let event = delivery.event_type()?;
        let place = self.events.find(|known| *known == event)?;
        Some(&*self.events.at(place).1)
    }
}

impl<C: Channel> Routes<C> {
    /// Calls the method of the first pattern that a topic matches, for a
    /// subscription beside others.
    ///
    /// # Errors
    ///
    /// Where it matches none, or its parameters are none.
    pub(super) fn admit<'a>(
        &self,
        consumer: &'a mut C,
        topic: &'a Topic,
        ctx: &'a mut Context<C>,
    ) -> Result<Admitting<'a>, Rejection> {
        let mut routes = self.topics.iter();
        let matching = routes.find(|route| route.pattern.matches(topic).is_some());
        let route = matching.ok_or_else(no_such_topic)?;
        route.admit(consumer, topic, ctx, Place::Beside)
    }

    /// The topic that is declared with a pattern.
    pub(crate) fn topic(&self, pattern: &str) -> Option<&TopicRoute<C>> {
        let mut topics = self.topics.iter();
        topics.find(|topic| topic.pattern.as_str() == pattern)
    }
}

impl<C> Default for Routes<C> {
    fn default() -> Self {
        Self {
            messages: Keyed::default(),
            events: Keyed::default(),
            parts: PartHooks::default(),
            topics: Vec::new(),
        }
    }
}

impl<C> fmt::Debug for Routes<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Routes")
            .field("actions", &self.messages.keys().collect::<Vec<_>>())
            .field("events", &self.events.keys().count())
            .field("topics", &self.topics)
            .finish()
    }
}
