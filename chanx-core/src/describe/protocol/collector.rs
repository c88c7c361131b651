//! From channels where they are served to a protocol.

use super::{
    Documented, Protocol, ProtocolChannel, ProtocolHandshake, ProtocolOperation, ProtocolTopic,
    mentioned::Mentioned,
};
use crate::describe::{
    ChannelDescription, Direction, OperationDescription, ProtocolFrames,
    directions::{Agree, Way},
};

/// The protocol of channels that are served together.
pub(super) fn collect(channels: &[Documented], agree: Agree) -> Protocol {
    let mut collector = Collector {
        mentioned: Mentioned::new(agree),
    };
    let channels: Vec<_> = channels.iter().flat_map(with_topics).collect();
    let mut described: Vec<_> = channels
        .iter()
        .map(|(documented, topic)| ProtocolChannel {
            topic: topic.clone(),
            ..collector.channel(documented)
        })
        .collect();
    // Last, so that none of their types takes a name from one of the application's.
    for (channel, (documented, _)) in described.iter_mut().zip(&channels) {
        let mut operations = channel.operations.iter();
        let streams = operations.any(|it| it.may_stream && it.direction == Direction::Receive);
        let frames = documented.frames.with_streams(streams);
        channel.frames = collector.mentioned.messages(&frames.describe(), Way::Sent);
    }
    collector.mentioned.finish(described)
}

/// A channel, and each of its topics as one that has the same path.
fn with_topics(documented: &Documented) -> Vec<(Documented, Option<ProtocolTopic>)> {
    let topics = documented.channel.topics.iter().map(|topic| {
        let mut channel = topic.channel.clone();
        channel.handshake = documented.channel.handshake.clone();
        let of_topic = Documented {
            path: documented.path.clone(),
            name: format!("{}_{}", documented.name, topic.handler.name),
            channel,
            // There are no completion frames on topics, nor an outcome of the handshake.
            frames: ProtocolFrames::default(),
            bearer_query: documented.bearer_query.clone(),
        };
        let handler = &topic.handler;
        let topic = ProtocolTopic {
            name: handler.name.to_owned(),
            summary: handler.summary.map(ToOwned::to_owned),
            description: handler.description.map(ToOwned::to_owned),
            deprecated: handler.deprecated,
            pattern: topic.pattern.to_owned(),
            parameters: owned(&topic.parameters),
        };
        (of_topic, Some(topic))
    });
    std::iter::once((documented.clone(), None))
        .chain(topics)
        .collect()
}

/// A reader of channels, with what those that it has read mention.
struct Collector {
    mentioned: Mentioned,
}

impl Collector {
    fn channel(&mut self, documented: &Documented) -> ProtocolChannel {
        let ChannelDescription {
            name: _,
            description,
            tags,
            groups: _,
            handshake,
            sends,
            operations,
            topics: _,
        } = &documented.channel;
        let handshake = ProtocolHandshake {
            security: handshake.security.clone(),
            bearer_query: documented.bearer_query.clone(),
            path: handshake.path.map(|ask| self.mentioned.ask(ask).0),
            query: handshake.query.map(|ask| self.mentioned.ask(ask).0),
            headers: handshake.headers.map(|ask| self.mentioned.ask(ask).0),
        };
        let operations = operations.iter();
        ProtocolChannel {
            name: documented.name.clone(),
            path: documented.path.clone(),
            topic: None,
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

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
