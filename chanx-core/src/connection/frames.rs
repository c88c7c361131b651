//! The frames of one message, on the node that delivers it.

use std::sync::Arc;

use bytes::Bytes;

use super::{
    Connection,
    publication::{Content, Origin, Publication},
};
use crate::{
    identity::{ConnectionId, UserKey},
    wire::{Envelope, SharedText, Text},
};

/// A publication that is being delivered, with the frames written for it so far.
///
/// A message's payload is never written again: each variant of what stands
/// behind it is written for the first member that needs it.
#[derive(Debug)]
pub(crate) struct Delivering<'a> {
    pub(crate) publication: &'a Publication,
    marked: [Option<Bytes>; 3],
    /// Each of these, and the frame without marks, for members that compress.
    shared: [Option<Arc<SharedText>>; 4],
}

/// The place of a frame without marks.
const UNMARKED: usize = 3;

/// The relation of a member to the connection that publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// It is the connection.
    Current,
    /// It belongs to the same user.
    Mine,
    /// It is somebody else's.
    Other,
}

impl<'a> Delivering<'a> {
    pub(crate) fn new(publication: &'a Publication) -> Self {
        Self {
            publication,
            marked: Default::default(),
            shared: Default::default(),
        }
    }

    /// The frame for one member, of a message.
    pub(super) fn frame_for(&mut self, member: &Connection) -> Option<Text> {
        let (variant, frame) = self.variant_for(member.id, member.user.as_ref())?;
        match member.compression {
            Some(compression) if frame.len() >= compression.threshold => {
                let shared =
                    self.shared[variant].get_or_insert_with(|| Arc::new(SharedText::new(frame)));
                Some(Text::Shared(shared.clone()))
            }
            _ => Some(Text::Plain(frame)),
        }
    }

    fn variant_for(&mut self, id: ConnectionId, user: Option<&UserKey>) -> Option<(usize, Bytes)> {
        let Content::Message(body) = &self.publication.content else {
            return None;
        };
        if !self.publication.with_metadata {
            return Some((UNMARKED, body.frame().clone()));
        }
        let relation = relation(id, user, self.publication.origin.as_ref());
        let marked = self.marked[relation as usize]
            .get_or_insert_with(|| body.frame_with(&relation.envelope()));
        Some((relation as usize, marked.clone()))
    }
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
        let is_current = self == Self::Current;
        Envelope::push().with_origin(is_current || self == Self::Mine, is_current)
    }
}
