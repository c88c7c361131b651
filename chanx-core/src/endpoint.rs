//! One route of an application: a channel, its options and its layer.

use std::sync::Arc;

use crate::{
    channel::{Channel, Definition, EventDecoders, Routes},
    describe::ChannelDescription,
    layer::ChannelLayer,
    live::Live,
    options::ChannelOptions,
};

/// A channel ready to be served: its handlers, its options and its layer.
///
/// An adapter makes one per route and a [`Session`](crate::Session) from it
/// per connection; the [crate page](crate) shows how.
#[derive(Debug)]
pub struct Endpoint<C> {
    pub(crate) routes: Routes<C>,
    pub(crate) layer: ChannelLayer,
    pub(crate) options: ChannelOptions,
    pub(crate) live: Live,
    description: Arc<ChannelDescription>,
}

impl<C: Channel> Endpoint<C> {
    /// The channel of `C`, carried by `layer`; its connections are counted in `live`.
    #[must_use]
    pub fn new(layer: ChannelLayer, options: ChannelOptions, live: Live) -> Self {
        let (routes, description) = Definition::of_channel().into_parts();
        layer.learn(C::NAME, |action, payload| {
            EventDecoders::of::<C>().decode(action, payload)
        });
        Self {
            routes,
            layer,
            options,
            live,
            description: Arc::new(description),
        }
    }

    /// The channel as data.
    #[must_use]
    pub fn description(&self) -> &Arc<ChannelDescription> {
        &self.description
    }

    /// The options of its connections.
    #[must_use]
    pub fn options(&self) -> &ChannelOptions {
        &self.options
    }
}
