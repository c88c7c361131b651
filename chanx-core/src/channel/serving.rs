//! A consumer with its handlers, and the subscriptions that a hub makes of such.

use std::sync::Arc;

use super::{
    Channel,
    decoders::EventDecoders,
    handler::Called,
    parameters::Parameters,
    pattern::Pattern,
    route::Route,
    routes::Routes,
    served::{Admitting, Hook, Place, Served},
    topics::{Admits, TopicHandler, TopicParameters, TopicRoute},
};
use crate::{
    connection::{AnyEvent, Disconnect, Member, Subscription},
    consumer::{Context, Rejection, RequestInfo},
    contained::Contained,
    identity::Topic,
    layer::ChannelLayer,
    wire::{Correlation, ErrorPayload, InvalidPayload, Payload},
};

/// A consumer with its context and its channel's handlers.
pub(crate) struct Serving<C> {
    consumer: Contained<C>,
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
            consumer: Contained::new(consumer),
            ctx: Context::new(member, layer, C::NAME, request),
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
        let member = hub.member();
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
        self.ctx.member()
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

    fn set_correlation(&mut self, correlation: &Correlation<'_>) {
        self.ctx.set_correlation(correlation);
    }

    fn route(&self, action: &[u8]) -> Option<Route> {
        self.routes.for_action(action)
    }

    fn handle(&mut self, route: Route, payload: Payload<'_>) -> Result<Called<'_>, InvalidPayload> {
        let (consumer, ctx) = (&mut self.consumer, &mut self.ctx);
        self.routes.call(route, consumer, payload, ctx)
    }

    fn handle_event(&mut self, event: AnyEvent) -> Option<Called<'_>> {
        let route = self.routes.for_event(&event)?;
        route(&mut self.consumer, event, &mut self.ctx)
    }

    fn admit<'a>(&'a mut self, topic: &'a Topic) -> Result<Admitting<'a>, Rejection> {
        let (consumer, ctx) = (&mut self.consumer, &mut self.ctx);
        self.routes.admit(consumer, topic, ctx)
    }

    fn connected(&mut self) -> Hook<'_> {
        let (consumer, ctx) = (&mut self.consumer, &mut self.ctx);
        Box::pin(self.routes.parts.connected(consumer, ctx))
    }

    fn disconnected(&mut self, why: Disconnect) -> Hook<'_> {
        let (consumer, ctx) = (&mut self.consumer, &mut self.ctx);
        Box::pin(self.routes.parts.disconnected(consumer, ctx, why))
    }

    fn expiring(&mut self) -> Hook<'_> {
        Box::pin(async { self.consumer.expiring(&mut self.ctx).await })
    }

    fn render_error(&self, error: ErrorPayload) -> ErrorPayload {
        self.consumer.render_error(error)
    }
}

impl<C: Channel> TopicRoute<C> {
    /// The topics that a method admits to, with a consumer that has these routes.
    pub(super) fn new<P, A>(
        pattern: &'static str,
        routes: Routes<A::Consumer>,
        call: TopicHandler<C, P, A>,
    ) -> Self
    where
        P: TopicParameters,
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
}
