//! A channel at a path.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    routing::{MethodRouter, any},
};
#[cfg(feature = "asyncapi")]
use chanx_core::describe::ChannelDescription;
use chanx_core::{Channel, ChannelLayer, ChannelOptions, Connect, Endpoint};

use crate::{
    extract::TokenPlaces,
    gate::Gate,
    upgrade::{OpenWith, RouteParts, Upgrade, of_consumer, of_topic},
};

/// A channel at a path, waiting for what all routes share.
pub(crate) struct Route<S> {
    pub(crate) path: String,
    /// The channel's name, or that of a topic's own route.
    pub(crate) channel: String,
    pub(crate) change: Box<Change>,
    /// The pattern of the topic that the route is for, where it is for one.
    #[cfg(feature = "asyncapi")]
    pub(crate) topic: Option<&'static str>,
    #[cfg(feature = "asyncapi")]
    describe: fn() -> ChannelDescription,
    open: Box<MakeOpen<S>>,
}

/// From the options of all routes to those of one.
pub(super) type Change = dyn Fn(ChannelOptions) -> ChannelOptions + Send + Sync;

/// From what all routes share, and the options of one, to its sessions.
type MakeOpen<S> = dyn Fn(&Shared, ChannelOptions) -> Arc<OpenWith<S>> + Send + Sync;

/// The settings that all routes of one `Channels` share.
pub(super) struct Shared {
    pub(super) layer: ChannelLayer,
    pub(super) gate: Arc<Gate>,
    pub(super) bearer_query: Option<Arc<str>>,
}

impl Shared {
    fn endpoint<C: Channel>(&self, options: ChannelOptions) -> Endpoint<C> {
        Endpoint::new(self.layer.clone(), options, self.gate.live.clone())
    }

    fn route_parts(&self, options: ChannelOptions) -> RouteParts {
        let spoken = options.socket().subprotocols;
        RouteParts {
            gate: self.gate.clone(),
            token_places: TokenPlaces::new(self.bearer_query.clone(), spoken),
            options,
        }
    }
}

impl<S> Route<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// A route of the consumer `C`.
    pub(super) fn of_consumer<C>(path: &str, change: Box<Change>) -> Self
    where
        C: Channel + Connect,
        C::Handshake: FromRequestParts<S>,
    {
        Self {
            path: path.to_owned(),
            channel: C::NAME.to_owned(),
            change,
            #[cfg(feature = "asyncapi")]
            topic: None,
            #[cfg(feature = "asyncapi")]
            describe: ChannelDescription::of::<C>,
            open: Box::new(|shared, options| of_consumer::<C, S>(shared.endpoint(options))),
        }
    }

    /// A route of the topic of `H` that has a pattern.
    pub(super) fn of_topic<H>(path: &str, channel: String, pattern: &'static str) -> Self
    where
        H: Channel + Connect,
        H::Handshake: FromRequestParts<S>,
    {
        Self {
            path: path.to_owned(),
            channel,
            change: Box::new(|options| options),
            #[cfg(feature = "asyncapi")]
            topic: Some(pattern),
            #[cfg(feature = "asyncapi")]
            describe: ChannelDescription::of::<H>,
            open: Box::new(move |shared, options| {
                of_topic::<H, S>(shared.endpoint(options), pattern)
            }),
        }
    }

    /// The route as axum has it; `options` are those of all routes.
    ///
    /// It answers any method: HTTP/2 opens a WebSocket with CONNECT (RFC 8441).
    pub(super) fn build(&self, shared: &Shared, options: ChannelOptions) -> MethodRouter<S> {
        let options = (self.change)(options);
        let open = (self.open)(shared, options.clone());
        let route = Arc::new(shared.route_parts(options));
        any(Upgrade { route, open })
    }
}

#[cfg(feature = "asyncapi")]
impl<S> Route<S> {
    /// The channel that is served, as a document has it.
    pub(crate) fn description(&self) -> ChannelDescription {
        of_route((self.describe)(), self.topic)
    }
}

/// The channel of a consumer, or of a topic of it on a route of its own.
#[cfg(feature = "asyncapi")]
fn of_route(description: ChannelDescription, pattern: Option<&str>) -> ChannelDescription {
    let Some(pattern) = pattern else {
        return description;
    };
    let mut topics = description.topics.into_iter();
    let topic = topics.find(|topic| topic.pattern == pattern);
    let topic = topic.expect("a topic's route is added once its topic has been found");
    let mut channel = topic.channel;
    channel.handshake = description.handshake;
    channel
}
