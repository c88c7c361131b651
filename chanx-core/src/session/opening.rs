//! The ways in which a session comes to be: for a consumer, or for a topic on a route
//! of its own.

use std::{sync::Arc, time::SystemTime};

use http::StatusCode;
use tracing::warn;

use super::{
    Session,
    observed::{Failures, OnConnected},
    prepared::Prepared,
};
use crate::{
    channel::{Channel, Place, Served, Serving},
    consumer::{Context, Refusal, Rejection, RequestInfo},
    endpoint::{Endpoint, OfTopic, Settings},
    options::CompletionFrames,
    wire::Foreign,
};

impl Session {
    /// Creates a session of `endpoint` for a consumer that `connect` has built.
    pub fn new<C: Channel>(endpoint: &Endpoint<C>, consumer: C, request: RequestInfo) -> Self {
        let completion_frames = endpoint.options().completion_frames.into();
        Self::with_completion_frames(endpoint, consumer, request, completion_frames)
    }

    /// Creates a session whose completion frames are on or off whatever the endpoint's options say.
    pub fn with_completion_frames<C: Channel>(
        endpoint: &Endpoint<C>,
        consumer: C,
        request: RequestInfo,
        completion_frames: CompletionFrames,
    ) -> Self {
        let settings = &endpoint.settings;
        let expires_at = consumer.expires_at();
        let user = consumer.identity();
        let serving = Serving::new(
            consumer,
            endpoint.routes.clone(),
            settings.member(C::NAME, None, user, completion_frames),
            settings.layer.clone(),
            Arc::new(request),
        );
        Self::of(settings, Box::new(serving), expires_at)
    }

    /// Creates a session that is a subscription: connecting is subscribing.
    ///
    /// The hub that `connect` has built is asked to admit, and is dropped then;
    /// its hooks do not run. The user, and when its credentials expire, are the hub's.
    ///
    /// # Cancel safety
    ///
    /// Cancelled, the hub's method is dropped at its current await, and the hub with it.
    /// Nothing else has begun.
    ///
    /// # Errors
    ///
    /// The refusal to answer with.
    pub async fn of_topic<H: Channel>(
        endpoint: &Endpoint<H>,
        OfTopic { route, topic }: OfTopic<'_, H>,
        mut hub: H,
        request: RequestInfo,
        completion_frames: CompletionFrames,
    ) -> Result<Self, Rejection> {
        let settings = &endpoint.settings;
        let expires_at = hub.expires_at();
        let own_topic = Some(topic.clone());
        let member = settings.member(route.channel, own_topic, hub.identity(), completion_frames);
        let layer = settings.layer.clone();
        let mut ctx = Context::new(member, layer, H::NAME, Arc::new(request));
        let admitting = route.admit(&mut hub, &topic, &mut ctx, Place::OfItsOwn)?;
        Self::admitted(settings, admitting.await, expires_at)
    }

    /// The session of a topic's own route, once the hub has decided.
    fn admitted(
        settings: &Arc<Settings>,
        admitted: Result<Box<dyn Served>, Refusal>,
        expires_at: Option<SystemTime>,
    ) -> Result<Self, Rejection> {
        match admitted {
            Ok(consumer) => Ok(Self::of(settings, consumer, expires_at)),
            Err(Refusal::Rejected(rejection)) => Err(rejection),
            Err(Refusal::Failed(error)) => {
                warn!(error = %Foreign::prose(&error.chain()), "authorising a topic failed");
                let detail = error.detail().unwrap_or("the topic could not be opened");
                let detail = detail.to_owned();
                Err(Rejection::new(StatusCode::INTERNAL_SERVER_ERROR, detail))
            }
        }
    }

    fn of(
        settings: &Arc<Settings>,
        consumer: Box<dyn Served>,
        expires_at: Option<SystemTime>,
    ) -> Self {
        Self(Box::new(Prepared {
            expires_at,
            reservation: settings.live.reserve(),
            settings: settings.clone(),
            connection: consumer.member().shared().clone(),
            consumer,
            on_connected: OnConnected::default(),
            failures: Failures::default(),
        }))
    }
}
