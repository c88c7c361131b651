//! The routes to a part's handlers.

use std::sync::Arc;

use crate::{
    channel::{
        Definition, PartOf,
        routes::{CallForMessage, EventRoute, MessageRoute, Routes},
    },
    consumer::Part,
};

impl<C: Send + 'static> Definition<C> {
    /// Takes in the handlers of a part, and the messages that it declares to send.
    pub fn include<P: PartOf<C>>(&mut self) {
        let mut part = Definition::<P>::new("", &[]);
        P::define(&mut part);
        self.routes.include(part.routes);
        self.decoders.include(part.decoders);
        let part = part.description;
        self.description.sends.extend(part.sends);
        self.description.operations.extend(part.operations);
    }

    /// Declares the hooks of the part itself, behind those of its parts.
    pub fn hooks(&mut self)
    where
        C: Part,
    {
        self.routes.parts.own();
    }
}

impl<C: Send + 'static> Routes<C> {
    /// Adds the handlers of a part.
    fn include<P: PartOf<C>>(&mut self, part: Routes<P>) {
        for (action, handler) in part.messages {
            let MessageRoute { may_wait, call } = handler;
            let call: Arc<CallForMessage<C>> = Arc::new(move |consumer, action, payload, ctx| {
                call(P::of(consumer), action, payload, ctx.part())
            });
            self.messages
                .insert(action, MessageRoute { may_wait, call });
        }
        for (event, handler) in part.events {
            let route: Box<EventRoute<C>> =
                Box::new(move |consumer, event, ctx| handler(P::of(consumer), event, ctx.part()));
            self.events.insert(event, route);
        }
        self.parts.include(part.parts);
    }
}
