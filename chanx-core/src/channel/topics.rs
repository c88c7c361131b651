//! The routes from a topic to a method, and the subscription that it makes.

use std::{fmt, sync::Arc};

use futures_util::future::BoxFuture;
use serde::de::DeserializeOwned;

use super::{
    Channel,
    decoders::EventDecoders,
    parameters::Parameters,
    pattern::{Matched, Pattern},
    routes::Routes,
    serving::{Served, Serving},
};
use crate::{
    connection::EventDecoder,
    consumer::{Context, Refusal, Rejection},
    identity::Topic,
};

/// A topic's method, with its future boxed.
pub(super) type TopicHandler<C, P, A> =
    for<'a> fn(&'a mut C, P, &'a mut Context<C>) -> BoxFuture<'a, A>;

/// A topic's method that has been called.
pub(crate) type Admitting<'a> = BoxFuture<'a, Result<Box<dyn Served>, Refusal>>;

/// The place in which a subscription lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// On a connection that is there anyway.
    Beside,
    /// On a route of its own: the connection is the subscription.
    OfItsOwn,
}

/// What a topic's method may return: the consumer of the subscription, or a
/// `Result` of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no consumer to subscribe with",
    label = "not a consumer with a `#[channel]`, nor a `Result` of one",
    note = "return the consumer of the subscription: `Result<Room, Rejection>`, where `Room` has a `#[channel]` block"
)]
pub trait Admits: Send {
    /// The consumer of the subscription.
    type Consumer: Channel;

    /// The consumer, or why there is none.
    fn admit(self) -> Result<Self::Consumer, Refusal>;
}

impl<C: Channel> Admits for C {
    type Consumer = C;

    fn admit(self) -> Result<C, Refusal> {
        Ok(self)
    }
}

impl<C: Channel, E: Into<Refusal> + Send> Admits for Result<C, E> {
    type Consumer = C;

    fn admit(self) -> Result<C, Refusal> {
        self.map_err(Into::into)
    }
}

type Admit<C> = dyn for<'a> Fn(
        &'a mut C,
        Matched<'_>,
        &'a Topic,
        &'a mut Context<C>,
        Place,
    ) -> Result<Admitting<'a>, serde::de::value::Error>
    + Send
    + Sync;

/// One topic of a hub `C`.
pub(crate) struct TopicRoute<C> {
    pub(crate) pattern: Pattern,
    /// The channel of the subscription's consumer.
    pub(crate) channel: &'static str,
    /// The decoder of its events, should they come from other nodes.
    pub(crate) decode: EventDecoder,
    admit: Box<Admit<C>>,
}

impl<C: Channel> TopicRoute<C> {
    pub(super) fn new<P, A>(
        pattern: &'static str,
        routes: Routes<A::Consumer>,
        call: TopicHandler<C, P, A>,
    ) -> Self
    where
        P: DeserializeOwned + Send + 'static,
        A: Admits + 'static,
    {
        let routes = Arc::new(routes);
        Self {
            pattern: Pattern::new(pattern),
            channel: A::Consumer::NAME,
            decode: |action, payload| EventDecoders::of::<A::Consumer>().decode(action, payload),
            admit: Box::new(move |consumer, matched, topic, ctx, place| {
                let parameters = P::deserialize(Parameters(matched))?;
                let routes = routes.clone();
                Ok(Box::pin(async move {
                    let admitted = call(consumer, parameters, ctx).await.admit()?;
                    let serving = Serving::admitted(admitted, routes, ctx, topic, place);
                    Ok(Box::new(serving) as Box<dyn Served>)
                }))
            }),
        }
    }

    /// Calls the topic's method.
    ///
    /// # Errors
    ///
    /// Where the topic is not one of these, or its parameters are none.
    pub(crate) fn admit<'a>(
        &self,
        consumer: &'a mut C,
        topic: &'a Topic,
        ctx: &'a mut Context<C>,
        place: Place,
    ) -> Result<Admitting<'a>, Rejection> {
        let matched = self.pattern.matches(topic).ok_or_else(no_such_topic)?;
        let admitting = (self.admit)(consumer, matched, topic, ctx, place);
        admitting.map_err(|error| Rejection::not_found(format!("no such topic: {error}")))
    }
}

fn no_such_topic() -> Rejection {
    Rejection::not_found("no such topic")
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

impl<C> fmt::Debug for TopicRoute<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TopicRoute")
            .field("pattern", &self.pattern.as_str())
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}
