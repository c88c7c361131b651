//! From channels where they are served to a protocol.

use super::{
    Documented, Protocol, ProtocolChannel, ProtocolHandshake, ProtocolOperation, ProtocolTopic,
    mentioned::Mentioned,
};
use crate::describe::{
    ChannelDescription, Direction, OperationDescription, ProtocolFrames, TopicDescription,
    directions::{Agree, Way},
};

/// The protocol of channels that are served together.
pub(super) fn collect(channels: &[Documented], agree: Agree) -> Protocol {
    let mut collector = Collector {
        mentioned: Mentioned::new(agree),
    };
    let mut places = Vec::new();
    for documented in channels {
        Place::add_all(documented, &mut places);
    }
    let channels = places.iter().map(|place| collector.channel(place));
    let mut channels: Vec<_> = channels.collect();
    // Last, so that none of their types takes a name from one of the application's.
    for (channel, place) in channels.iter_mut().zip(&places) {
        let mut operations = channel.operations.iter();
        let streams = operations.any(|it| it.may_stream && it.direction == Direction::Receive);
        let frames = place.frames().with_streams(streams);
        channel.frames = collector.mentioned.messages(&frames.describe(), Way::Sent);
    }
    collector.mentioned.finish(channels)
}

/// A channel at a path, or one that clients subscribe to there.
struct Place<'a> {
    documented: &'a Documented,
    topic: Option<&'a TopicDescription>,
}

impl<'a> Place<'a> {
    /// Adds the channel, and those of its topics.
    fn add_all(documented: &'a Documented, places: &mut Vec<Self>) {
        places.push(Self {
            documented,
            topic: None,
        });
        for topic in &documented.channel.topics {
            places.push(Self {
                documented,
                topic: Some(topic),
            });
        }
    }

    fn name(&self) -> String {
        let name = &self.documented.name;
        self.topic.map_or_else(
            || name.clone(),
            |topic| format!("{name}_{}", topic.handler.name),
        )
    }

    fn channel(&self) -> &'a ChannelDescription {
        self.topic
            .map_or(&self.documented.channel, |topic| &topic.channel)
    }

    /// The frames of the protocol's own: on topics none that completes, and none about the
    /// outcome of the handshake.
    fn frames(&self) -> ProtocolFrames {
        match self.topic {
            Some(_) => ProtocolFrames::default(),
            None => self.documented.frames,
        }
    }
}

/// A reader of channels, with what those that it has read mention.
struct Collector {
    mentioned: Mentioned,
}

impl Collector {
    fn channel(&mut self, place: &Place<'_>) -> ProtocolChannel {
        let documented = place.documented;
        let ChannelDescription {
            name: _,
            description,
            tags,
            groups: _,
            handshake: _,
            sends,
            operations,
            topics: _,
        } = place.channel();
        let handshake = &documented.channel.handshake;
        let handshake = ProtocolHandshake {
            security: handshake.security.clone(),
            bearer_query: documented.bearer_query.clone(),
            path: handshake.path.map(|ask| self.mentioned.ask(ask).0),
            query: handshake.query.map(|ask| self.mentioned.ask(ask).0),
            headers: handshake.headers.map(|ask| self.mentioned.ask(ask).0),
        };
        let operations = operations.iter();
        ProtocolChannel {
            name: place.name(),
            path: documented.path.clone(),
            topic: place.topic.map(topic),
            description: description.map(ToOwned::to_owned),
            tags: owned(tags),
            handshake,
            operations: operations
                .map(|operation| self.operation(operation))
                .collect(),
            sends: self.mentioned.messages(sends, Way::Sent),
            frames: Vec::new(),
        }
    }

    fn operation(&mut self, operation: &OperationDescription) -> ProtocolOperation {
        let handler = &operation.handler;
        ProtocolOperation {
            name: handler.name.to_owned(),
            summary: handler.summary.map(ToOwned::to_owned),
            description: handler.description.map(ToOwned::to_owned),
            tags: owned(handler.tags),
            reasons: owned(handler.reasons),
            deprecated: handler.deprecated,
            direction: operation.direction,
            messages: self.mentioned.messages(&operation.messages, Way::Received),
            replies: self.mentioned.messages(&operation.replies, Way::Sent),
            may_stream: operation.may_stream,
            sends: self.mentioned.messages(&operation.sends, Way::Sent),
        }
    }
}

fn topic(described: &TopicDescription) -> ProtocolTopic {
    let handler = &described.handler;
    ProtocolTopic {
        name: handler.name.to_owned(),
        summary: handler.summary.map(ToOwned::to_owned),
        description: handler.description.map(ToOwned::to_owned),
        deprecated: handler.deprecated,
        pattern: described.pattern.to_owned(),
        parameters: owned(&described.parameters),
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
