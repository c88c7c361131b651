//! The expansion of `#[channel]`: one call per handler, giving route and description at
//! once.

use std::{any::type_name, marker::PhantomData};

use schemars::JsonSchema;

use super::{
    Channel,
    answer::answer,
    decoders::EventDecoders,
    fitting::misfit,
    handler::Handler,
    routes::Routes,
    topics::{Admits, HasTopic, TopicHandler, TopicParameters, TopicRoute},
};
use crate::{
    consumer::Reply,
    describe::{
        ChannelDescription, Direction, HandlerDescription, HandshakeDescription,
        MessageDescription, OperationDescription, Security, TopicDescription,
    },
    event::{EventSet, HandledBy},
    message::{Message, MessageSet, ReceivedBy, SentBy},
};

/// A channel while it is being declared.
///
/// Only `#[channel]` fills it, so that what is dispatched and what is
/// documented come from the same call.
#[derive(Debug)]
pub struct Definition<C> {
    pub(super) routes: Routes<C>,
    pub(super) decoders: EventDecoders,
    pub(super) description: ChannelDescription,
}

impl<C: Channel> Definition<C> {
    pub(crate) fn of_channel() -> Self {
        let mut definition = Self::new(C::NAME, C::GROUPS);
        C::define(&mut definition);
        definition
    }

    pub(crate) fn into_parts(self) -> (Routes<C>, ChannelDescription) {
        (self.routes, self.description)
    }

    pub(super) fn into_decoders(self) -> EventDecoders {
        self.decoders
    }

    /// Says what the channel is for.
    pub fn about(&mut self, description: Option<&'static str>, tags: &'static [&'static str]) {
        self.description.description = description;
        self.description.tags = tags;
    }

    /// Declares a credential that the handshake reads; of several, any one is enough.
    pub fn security(&mut self, security: Security) {
        self.description.handshake.security.push(security);
    }

    /// Declares the type of the path's parameters.
    pub fn path<T: JsonSchema>(&mut self) {
        self.description.handshake.path = Some(T::json_schema);
    }

    /// Declares the type of the query.
    pub fn query<T: JsonSchema>(&mut self) {
        self.description.handshake.query = Some(T::json_schema);
    }

    /// Declares the type of the headers.
    pub fn headers<T: JsonSchema>(&mut self) {
        self.description.handshake.headers = Some(T::json_schema);
    }

    /// Declares a topic, whose method admits with a consumer of its own.
    ///
    /// # Panics
    ///
    /// When its parameters cannot be read as a `P`, whatever a client sends.
    pub fn topic<const N: usize, P>(
        &mut self,
        pattern: &'static str,
        handler: HandlerDescription,
        call: TopicHandler<C, P, C::Admits>,
    ) where
        C: HasTopic<N>,
        P: TopicParameters,
    {
        let channel = Definition::<<C::Admits as Admits>::Consumer>::of_channel();
        let (routes, channel) = channel.into_parts();
        let route = TopicRoute::new(pattern, routes, call);
        let parameters: Vec<_> = route.pattern.parameters().collect();
        if let Some(misfit) = misfit::<P>(&parameters) {
            let (hub, taken) = (C::NAME, type_name::<P>());
            panic!(
                "the parameters of topic `{pattern}` of channel `{hub}` cannot be read as `{taken}`: {misfit}"
            );
        }
        self.description.topics.push(TopicDescription {
            handler,
            pattern,
            parameters,
            channel,
        });
        self.routes.topics.push(route);
    }
}

impl<C: Send + 'static> Definition<C> {
    /// Declares nothing yet.
    pub(super) fn new(name: &'static str, groups: &'static [&'static str]) -> Self {
        Self {
            routes: Routes::default(),
            decoders: EventDecoders::default(),
            description: ChannelDescription {
                name,
                description: None,
                tags: &[],
                groups,
                handshake: HandshakeDescription::default(),
                sends: Vec::new(),
                operations: Vec::new(),
                topics: Vec::new(),
            },
        }
    }

    /// Declares a message that is sent outside any one handler.
    pub fn sends<M: SentBy<C>>(&mut self) {
        M::describe(&mut self.description.sends);
    }

    /// Declares a handler of client messages that returns `R`.
    pub fn message<M: ReceivedBy<C>, R: Reply>(
        &mut self,
        handler: HandlerDescription,
        call: Handler<C, M>,
    ) -> Sends<'_, C> {
        self.routes.message(call);
        self.operation::<R>(handler, Direction::Receive, messages::<M>())
    }

    /// Declares a handler of events that returns `R`.
    pub fn event<E: HandledBy<C>, R: Reply>(
        &mut self,
        handler: HandlerDescription,
        call: Handler<C, E>,
    ) -> Sends<'_, C> {
        self.route_event(call);
        self.operation::<R>(handler, Direction::Send, Vec::new())
    }

    /// Declares an event that goes to the client unchanged.
    pub fn passthrough<E: HandledBy<C> + Message>(&mut self) {
        self.route_event::<E>(Handler::AtOnce(|_, event, ctx| answer(event, ctx)));
        let mut handler = HandlerDescription::new(<E as Message>::ACTION);
        handler.description = <E as Message>::describe().description;
        self.operation::<E>(handler, Direction::Send, Vec::new());
    }

    fn route_event<E: EventSet>(&mut self, call: Handler<C, E>) {
        self.routes.event(call);
        self.decoders.add::<E>();
    }

    fn operation<R: Reply>(
        &mut self,
        handler: HandlerDescription,
        direction: Direction,
        messages: Vec<MessageDescription>,
    ) -> Sends<'_, C> {
        let mut replies = Vec::new();
        R::describe(&mut replies);
        let operation = OperationDescription {
            handler,
            direction,
            messages,
            replies,
            may_stream: R::MAY_STREAM,
            sends: Vec::new(),
        };
        self.description.operations.push(operation);
        let last = self.description.operations.last_mut();
        Sends {
            sends: &mut last.expect("an operation was pushed just above").sends,
            consumer: PhantomData,
        }
    }
}

impl ChannelDescription {
    /// The definition of the consumer `C`.
    ///
    /// # Panics
    ///
    /// When the parameters of a topic cannot be read as the type that its method takes:
    /// a struct lacks a field, or has one that the pattern does not name.
    #[must_use]
    pub fn of<C: Channel>() -> Self {
        Definition::<C>::of_channel().into_parts().1
    }
}

/// The descriptions of one message or of each of an enum.
fn messages<M: MessageSet>() -> Vec<MessageDescription> {
    let mut messages = Vec::new();
    M::describe(&mut messages);
    messages
}

/// The messages that one handler declares to send besides its reply.
#[derive(Debug)]
pub struct Sends<'a, C> {
    sends: &'a mut Vec<MessageDescription>,
    consumer: PhantomData<fn() -> C>,
}

impl<C> Sends<'_, C> {
    /// Declares a message that this handler sends.
    #[expect(
        clippy::return_self_not_must_use,
        reason = "the declaration is the effect"
    )]
    pub fn sends<M: SentBy<C>>(self) -> Self {
        M::describe(self.sends);
        self
    }
}
