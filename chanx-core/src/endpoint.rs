//! One route of an application: a channel, its options and its layer.

use std::sync::Arc;

use crate::{
    channel::{Channel, Definition, EventDecoders, Routes, TopicRoute},
    connection::{Connection, Member},
    describe::ChannelDescription,
    identity::{Topic, UserKey},
    layer::ChannelLayer,
    live::Live,
    options::{ChannelOptions, CompletionFrames},
};

/// A channel ready to be served: its handlers, its options and its layer.
///
/// An adapter makes one per route and a [`Session`](crate::Session) from it
/// per connection; the [crate page](crate) shows how.
#[derive(Debug)]
pub struct Endpoint<C> {
    pub(crate) routes: Arc<Routes<C>>,
    pub(crate) settings: Arc<Settings>,
    description: Arc<ChannelDescription>,
}

/// The settings that the sessions of one route share, whatever its channel.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) layer: ChannelLayer,
    pub(crate) options: ChannelOptions,
    pub(crate) live: Live,
}

/// A topic of an endpoint's channel, by name.
#[derive(Debug)]
pub struct OfTopic<'a, C> {
    pub(crate) route: &'a TopicRoute<C>,
    pub(crate) topic: Topic,
}

impl<C: Channel> Endpoint<C> {
    /// The channel of `C`, carried by `layer`; its connections are counted in `live`.
    ///
    /// # Panics
    ///
    /// When the parameters of a topic cannot be read as the type that its method takes.
    #[must_use]
    pub fn new(layer: ChannelLayer, options: ChannelOptions, live: Live) -> Self {
        let (routes, description) = Definition::of_channel().into_parts();
        layer.learn(C::NAME, |action, payload| {
            EventDecoders::of::<C>().decode(action, payload)
        });
        for topic in &routes.topics {
            layer.learn(topic.channel, topic.decode);
        }
        Self {
            routes: Arc::new(routes),
            settings: Settings::new(layer, options, live),
            description: Arc::new(description),
        }
    }

    /// The channel as data.
    #[must_use]
    pub fn description(&self) -> &Arc<ChannelDescription> {
        &self.description
    }

    /// The topic that is declared with a pattern and has these parameters, for
    /// a session [`of_topic`](crate::Session::of_topic).
    ///
    /// `None` where there is no such pattern, or a parameter is missing.
    #[must_use]
    pub fn topic(
        &self,
        pattern: &str,
        parameter: impl Fn(&str) -> Option<String>,
    ) -> Option<OfTopic<'_, C>> {
        let route = self.routes.topic(pattern)?;
        let topic = route.pattern.fill(&parameter)?;
        Some(OfTopic {
            route,
            topic: topic.into(),
        })
    }

    /// The options of its connections.
    #[must_use]
    pub fn options(&self) -> &ChannelOptions {
        &self.settings.options
    }
}

impl Settings {
    fn new(layer: ChannelLayer, options: ChannelOptions, live: Live) -> Arc<Self> {
        Arc::new(Self {
            layer,
            options,
            live,
        })
    }

    /// A connection that begins, as a member.
    pub(crate) fn member(
        &self,
        channel: &'static str,
        topic: Option<Topic>,
        user: Option<UserKey>,
        completion_frames: CompletionFrames,
    ) -> Member {
        Member::Connection(Arc::new(Connection::new(
            self.layer.next_connection(),
            channel,
            topic,
            user,
            &self.options,
            completion_frames,
        )))
    }
}
