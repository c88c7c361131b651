//! A connection as a layer sees it.

use std::sync::Arc;

use super::{
    Connection, Disconnect,
    outbox::Pushed,
    publication::{Content, Outcome, Publication},
};
use crate::identity::{ConnectionId, GroupName, UserKey};

/// A connection as a layer sees it: a place to deliver to.
#[derive(Debug, Clone)]
pub struct Member(pub(crate) Arc<Connection>);

impl Member {
    /// The connection's name.
    #[must_use]
    pub fn id(&self) -> ConnectionId {
        self.0.id
    }

    /// The channel that the connection belongs to.
    #[must_use]
    pub fn channel(&self) -> &'static str {
        self.0.channel
    }

    /// The user that the connection belongs to.
    #[must_use]
    pub fn user(&self) -> Option<&UserKey> {
        self.0.user.as_ref()
    }

    /// The groups that the connection is in, in order of joining.
    #[must_use]
    pub fn groups(&self) -> Vec<GroupName> {
        self.0.groups.lock().clone()
    }

    /// Hands over what was published, without waiting.
    ///
    /// A full queue drops it, counts it and, by default, closes the connection.
    pub fn deliver(&self, publication: &Publication) -> Outcome {
        match &publication.content {
            Content::Message(message) => self.0.deliver_frame(message.frame_for(
                self.id(),
                self.user(),
                publication.origin.as_ref(),
            )),
            Content::Event(event) => {
                let pushed = self.0.mailbox.push(event.clone());
                if matches!(pushed, Pushed::Dropped(_)) {
                    self.0.outbox.lag();
                }
                let dropped = &self.0.counters.dropped_events;
                self.0.settle(pushed, dropped, Disconnect::SlowConsumer)
            }
            Content::Close { code, reason } => {
                let why = Disconnect::by_server(self.id(), *code, reason.clone());
                self.0.end(why);
                Outcome::Queued
            }
        }
    }
}
