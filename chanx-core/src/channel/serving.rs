//! A consumer that is being served, whatever its type.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{
    Channel,
    routes::{Routes, Running},
    topics::{Admitting, Place},
};
use crate::{
    connection::{AnyEvent, Disconnect, Member, Subscription},
    consumer::{Context, Handle, HandlerError, Rejection, RequestInfo},
    identity::Topic,
    layer::ChannelLayer,
    wire::{Correlation, ErrorPayload, InvalidPayload, Payload},
};

/// A hook that has been called.
pub(crate) type Hook<'a> = BoxFuture<'a, Result<(), HandlerError>>;

/// A consumer that is being served, whatever its type: with its context and its
/// channel's handlers.
///
/// What a session runs, for the connection itself and for each subscription.
pub(crate) trait Served: Send {
    /// The connection or subscription that it is of.
    fn member(&self) -> &Member;

    /// The groups that its channel declares.
    fn declared_groups(&self) -> &'static [&'static str];

    /// True if its channel has topics.
    fn has_topics(&self) -> bool;

    /// The request that opened the connection.
    fn request(&self) -> &RequestInfo;

    /// The marks that answers to the frame being handled carry.
    fn correlation(&self) -> &Correlation<'static>;

    fn set_correlation(&mut self, correlation: Correlation<'static>);

    /// Calls the handler of a client's message; `None` where there is none.
    ///
    /// # Errors
    ///
    /// What keeps the payload from being the handler's message.
    fn handle<'a>(
        &'a mut self,
        action: &str,
        payload: Payload<'_>,
    ) -> Option<Result<Running<'a>, InvalidPayload>>;

    /// Calls the handler of an event; `None` where there is none.
    fn handle_event(&mut self, event: AnyEvent) -> Option<Running<'_>>;

    /// Calls the method of a topic, which admits to a subscription or refuses.
    ///
    /// # Errors
    ///
    /// Where there is no such topic.
    fn admit<'a>(&'a mut self, topic: &'a Topic) -> Result<Admitting<'a>, Rejection>;

    fn connected(&mut self) -> Hook<'_>;

    fn disconnected(&mut self, why: Disconnect) -> Hook<'_>;

    fn expiring(&mut self) -> Hook<'_>;

    fn render_error(&self, error: ErrorPayload) -> ErrorPayload;
}

/// A consumer with its context and its channel's handlers.
pub(crate) struct Serving<C> {
    consumer: C,
    ctx: Context<C>,
    routes: Arc<Routes<C>>,
}

impl<C: Channel> Serving<C> {
    pub(crate) fn new(
        consumer: C,
        routes: Arc<Routes<C>>,
        member: Member,
        layer: ChannelLayer,
        request: Arc<RequestInfo>,
    ) -> Self {
        Self {
            consumer,
            ctx: Context::new(Handle::new(member, layer), request),
            routes,
        }
    }

    /// A consumer that a hub's topic has admitted.
    pub(super) fn admitted<H>(
        consumer: C,
        routes: Arc<Routes<C>>,
        hub: &Context<H>,
        topic: &Topic,
        place: Place,
    ) -> Self {
        let member = hub.as_handle().member();
        let member = match place {
            Place::OfItsOwn => member.clone(),
            Place::Beside => {
                let subscription = Subscription::new(member.shared(), C::NAME, topic);
                Member::Subscription(Arc::new(subscription))
            }
        };
        let (layer, request) = (hub.layer().clone(), hub.shared_request().clone());
        Self::new(consumer, routes, member, layer, request)
    }
}

impl<C: Channel> Served for Serving<C> {
    fn member(&self) -> &Member {
        self.ctx.as_handle().member()
    }

    fn declared_groups(&self) -> &'static [&'static str] {
        C::GROUPS
    }

    fn has_topics(&self) -> bool {
        !C::TOPICS.is_empty()
    }

    fn request(&self) -> &RequestInfo {
        self.ctx.request()
    }

    fn correlation(&self) -> &Correlation<'static> {
        self.ctx.correlation()
    }

    fn set_correlation(&mut self, correlation: Correlation<'static>) {
        self.ctx.set_correlation(correlation);
    }

    fn handle<'a>(
        &'a mut self,
        action: &str,
        payload: Payload<'_>,
    ) -> Option<Result<Running<'a>, InvalidPayload>> {
        let route = self.routes.for_action(action)?;
        Some(route(&mut self.consumer, action, payload, &mut self.ctx))
    }

    fn handle_event(&mut self, event: AnyEvent) -> Option<Running<'_>> {
        let route = self.routes.for_event(&event)?;
        route(&mut self.consumer, event, &mut self.ctx)
    }

    fn admit<'a>(&'a mut self, topic: &'a Topic) -> Result<Admitting<'a>, Rejection> {
        let (consumer, ctx) = (&mut self.consumer, &mut self.ctx);
        self.routes.admit(consumer, topic, ctx)
    }

    fn connected(&mut self) -> Hook<'_> {
        Box::pin(async { self.consumer.connected(&mut self.ctx).await })
    }

    fn disconnected(&mut self, why: Disconnect) -> Hook<'_> {
        Box::pin(async { self.consumer.disconnected(&mut self.ctx, why).await })
    }

    fn expiring(&mut self) -> Hook<'_> {
        Box::pin(async { self.consumer.expiring(&mut self.ctx).await })
    }

    fn render_error(&self, error: ErrorPayload) -> ErrorPayload {
        self.consumer.render_error(error)
    }
}
