//! The frames of one message, on the node that delivers it.

use std::{collections::HashMap, sync::Arc};

use bytes::Bytes;

use super::{
    Connection,
    publication::{Content, Origin, Publication},
};
use crate::{
    identity::{ConnectionId, Topic, UserKey},
    wire::{Body, Envelope, SharedText, Text},
};

/// A publication that is being delivered, with the frames written for it so far.
///
/// A message's payload is never written again: each variant of what stands
/// behind it is written for the first member that needs it.
#[derive(Debug)]
pub(crate) struct Delivering<'a> {
    pub(crate) publication: &'a Publication,
    /// For members without a topic.
    variants: Variants,
    /// For members with one: each topic once.
    topics: HashMap<Topic, Variants>,
}

/// A frame without marks, and one with the marks of each relation; each of
/// these for members that compress, too.
#[derive(Debug, Default)]
struct Variants {
    plain: [Option<Bytes>; 4],
    shared: [Option<Arc<SharedText>>; 4],
}

/// The relation of a member to the connection that publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// It is the connection.
    Current,
    /// It belongs to the same user.
    Mine,
    /// It is somebody else's.
    Other,
    /// The frame has no marks.
    Unmarked,
}

impl<'a> Delivering<'a> {
    pub(crate) fn new(publication: &'a Publication) -> Self {
        Self {
            publication,
            variants: Variants::default(),
            topics: HashMap::new(),
        }
    }

    /// The frame for one member, of a message.
    // Inlined, as the queueing of it is: each call would copy the frame once more.
    #[inline(always)]
    pub(super) fn frame_for(&mut self, member: &Connection, topic: Option<&Topic>) -> Option<Text> {
        let publication = self.publication;
        let Content::Message(body) = &publication.content else {
            return None;
        };
        let relation = match publication.with_metadata {
            false => Relation::Unmarked,
            true => relation(member.id, member.user.as_ref(), publication.origin.as_ref()),
        };
        let variants = match topic {
            None => &mut self.variants,
            Some(topic) => variants_of(&mut self.topics, topic),
        };
        let frame = variants.plain[relation as usize]
            .get_or_insert_with(|| write(body, relation, publication.seq, topic));
        match member.compression {
            Some(compression) if frame.len() >= compression.threshold => {
                let shared = variants.shared[relation as usize]
                    .get_or_insert_with(|| Arc::new(SharedText::new(frame.clone())));
                Some(Text::Shared(shared.clone()))
            }
            _ => Some(Text::Plain(frame.clone())),
        }
    }
}

/// The frames for members with this topic, which is cloned for the first of them alone.
#[inline(never)]
fn variants_of<'a>(topics: &'a mut HashMap<Topic, Variants>, topic: &Topic) -> &'a mut Variants {
    if !topics.contains_key(topic) {
        topics.insert(topic.clone(), Variants::default());
    }
    topics.get_mut(topic).expect("it is there by now")
}

/// Writes a variant of a frame.
#[cold]
fn write(body: &Body, relation: Relation, seq: Option<u64>, topic: Option<&Topic>) -> Bytes {
    let is_bare = relation == Relation::Unmarked && seq.is_none();
    if is_bare && topic.is_none() {
        return body.frame().clone();
    }
    let envelope = relation.envelope().with_seq(seq);
    body.frame_with(&envelope.with_topic(topic.map(Topic::as_str)))
}

fn relation(id: ConnectionId, user: Option<&UserKey>, origin: Option<&Origin>) -> Relation {
    match origin {
        Some(origin) if origin.connection == Some(id) => Relation::Current,
        Some(origin) if origin.user.is_some() && origin.user.as_ref() == user => Relation::Mine,
        _ => Relation::Other,
    }
}

impl Relation {
    fn envelope(self) -> Envelope<'static> {
        if self == Self::Unmarked {
            return Envelope::push();
        }
        let is_current = self == Self::Current;
        Envelope::push().with_origin(is_current || self == Self::Mine, is_current)
    }
}
