//! The routes from a topic to a method.

use std::fmt;

use futures_util::future::BoxFuture;
use serde::de::DeserializeOwned;

use super::{
    Channel,
    pattern::{Matched, Pattern},
    served::{Admitting, Place},
};
use crate::{
    connection::EventDecoder,
    consumer::{Context, Refusal, Rejection},
    identity::Topic,
};

/// A topic's method, with its future boxed.
pub(super) type TopicHandler<C, P, A> =
    for<'a> fn(&'a mut C, P, &'a mut Context<C>) -> BoxFuture<'a, A>;

/// A value that a topic's method may return: the consumer of the subscription, or a
/// `Result` of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no consumer to subscribe with",
    label = "not a consumer with a `#[channel]`, nor a `Result` of one",
    note = "return the consumer of the subscription: `Result<Room, Rejection>`, where `Room` has a `#[channel]` block",
    note = "its error is a `Rejection`, a `HandlerError`, or a type with `impl Failure`"
)]
pub trait Admits: Send {
    /// The consumer of the subscription.
    type Consumer: Channel;

    /// The consumer, or why there is none.
    fn admit(self) -> Result<Self::Consumer, Refusal>;
}

/// A type that the parameters of a topic's pattern are read as.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from the parameters of a topic",
    label = "not a type that serde deserializes",
    note = "take the parameter as a `String`, a number or a type with `#[derive(Deserialize)]`; several as a struct with a field for each"
)]
pub trait TopicParameters: DeserializeOwned + Send + 'static {}

#[diagnostic::do_not_recommend]
impl<P: DeserializeOwned + Send + 'static> TopicParameters for P {}

/// A hub, by its `N`th topic.
pub trait HasTopic<const N: usize> {
    /// The type that the topic's method returns.
    type Admits: Admits + 'static;
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

pub(super) type Admit<C> = dyn for<'a> Fn(
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
    pub(super) admit: Box<Admit<C>>,
}

impl<C: Channel> TopicRoute<C> {
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

pub(super) fn no_such_topic() -> Rejection {
    Rejection::not_found("no such topic")
}

impl<C> fmt::Debug for TopicRoute<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TopicRoute")
            .field("pattern", &self.pattern.as_str())
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}
