//! A channel at a path.

use std::sync::Arc;

use axum::{extract::FromRequestParts, routing::MethodRouter};
#[cfg(feature = "asyncapi")]
use chanx_core::describe::ChannelDescription;
use chanx_core::{Channel, ChannelLayer, ChannelOptions, Connect, Endpoint};

use crate::{
    extract::TokenPlaces,
    gate::Gate,
    upgrade::{self, Upgrade},
};

/// A channel at a path, waiting for what all routes share.
pub(crate) struct Route<S> {
    pub(crate) path: String,
    /// The channel's name, or that of a topic's own route.
    pub(crate) channel: String,
    /// From the options of all routes to those of this one.
    pub(crate) change: Arc<dyn Fn(ChannelOptions) -> ChannelOptions + Send + Sync>,
    /// The pattern of the topic that the route is for, where it is for one.
    #[cfg(feature = "asyncapi")]
    pub(crate) topic: Option<&'static str>,
    #[cfg(feature = "asyncapi")]
    pub(crate) describe: Arc<dyn Fn() -> ChannelDescription + Send + Sync>,
    build: Build<S>,
}

/// Makes a channel's route, from what all routes share and the options of this one.
type Build<S> = Arc<dyn Fn(&Shared, ChannelOptions) -> MethodRouter<S> + Send + Sync>;

/// The settings that all routes of one `Channels` share.
pub(super) struct Shared {
    pub(super) layer: ChannelLayer,
    pub(super) gate: Arc<Gate>,
    pub(super) bearer_query: Option<Arc<str>>,
}

impl<S> Route<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// A route of the consumer `C`, or of the topic of a pattern that it has.
    pub(super) fn new<C>(
        path: &str,
        channel: String,
        change: impl Fn(ChannelOptions) -> ChannelOptions + Send + Sync + 'static,
        pattern: Option<&'static str>,
    ) -> Self
    where
        C: Channel + Connect,
        C::Handshake: FromRequestParts<S>,
    {
        Self {
            path: path.to_owned(),
            channel,
            change: Arc::new(change),
            #[cfg(feature = "asyncapi")]
            topic: pattern,
            #[cfg(feature = "asyncapi")]
            describe: Arc::new(move || of_route(ChannelDescription::of::<C>(), pattern)),
            build: Arc::new(move |shared, options| {
                let spoken = options.socket().subprotocols;
                upgrade::route(Upgrade {
                    token_places: TokenPlaces::new(shared.bearer_query.clone(), spoken),
                    endpoint: Arc::new(Endpoint::<C>::new(
                        shared.layer.clone(),
                        options,
                        shared.gate.live.clone(),
                    )),
                    gate: shared.gate.clone(),
                    topic: pattern,
                })
            }),
        }
    }

    /// The route as axum has it; `options` are those of all routes.
    pub(super) fn build(&self, shared: &Shared, options: ChannelOptions) -> MethodRouter<S> {
        (self.build)(shared, (self.change)(options))
    }
}

/// The channel of a consumer, or of a topic of it on a route of its own.
#[cfg(feature = "asyncapi")]
fn of_route(mut description: ChannelDescription, pattern: Option<&str>) -> ChannelDescription {
    let topics = std::mem::take(&mut description.topics);
    let of_its_own = topics.iter().find(|topic| Some(topic.pattern) == pattern);
    match of_its_own {
        Some(topic) => {
            let handshake = description.handshake;
            description = topic.channel.clone();
            description.handshake = handshake;
        }
        None => description.topics = topics,
    }
    description
}
