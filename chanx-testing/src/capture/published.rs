//! One thing that was published.

use std::fmt;

use chanx_core::{
    EventSet, MessageSet,
    layer::{Content, Publication, Target},
};
use serde_json::Value;

use crate::Received;

/// One thing that was published: an event, a message or a close.
///
/// Made by [`CaptureLayer::take`](crate::CaptureLayer::take), for tests that
/// ask for more than its `expect_…` do.
#[derive(Clone)]
pub struct Published {
    publication: Publication,
    /// The event or message as it leaves the process.
    frame: Option<Received>,
}

impl Published {
    pub(super) fn new(publication: Publication) -> Self {
        Self {
            frame: frame(&publication.content),
            publication,
        }
    }

    /// The name of the channel whose connections it is for.
    #[must_use]
    pub fn channel(&self) -> &str {
        &self.publication.channel
    }

    /// The members of the channel that get it.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.publication.target
    }

    /// The groups that it is for; none where it is for a connection or a user.
    #[must_use]
    pub fn groups(&self) -> Vec<&str> {
        match &self.publication.target {
            Target::Groups(groups) => groups.iter().map(AsRef::as_ref).collect(),
            _ => Vec::new(),
        }
    }

    /// The content that the recipients get.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.publication.content
    }

    /// True if the connection that published it is left out.
    #[must_use]
    pub fn excludes_current(&self) -> bool {
        self.publication.exclude_origin
    }

    /// The number that the publisher has given it.
    #[must_use]
    pub fn seq(&self) -> Option<u64> {
        self.publication.seq
    }

    /// The action of the event or message; empty for a close.
    #[must_use]
    pub fn action(&self) -> &str {
        self.frame.as_ref().map_or("", Received::action)
    }

    /// The payload of the event or message; `null` where there is none.
    #[must_use]
    pub fn payload(&self) -> &Value {
        static NULL: Value = Value::Null;
        self.frame.as_ref().map_or(&NULL, Received::payload)
    }

    /// The event, if it is an `E`.
    #[must_use]
    pub fn event<E: EventSet>(&self) -> Option<E> {
        match &self.publication.content {
            Content::Event(event) => event.get().cloned(),
            _ => None,
        }
    }

    /// The message, if it is an `M`.
    #[must_use]
    pub fn message<M: MessageSet>(&self) -> Option<M> {
        let is_message = matches!(self.publication.content, Content::Message(_));
        let frame = self.frame.as_ref().filter(|_| is_message)?;
        frame.is::<M>().then(|| frame.decode().ok()).flatten()
    }
}

fn frame(content: &Content) -> Option<Received> {
    let frame = match content {
        Content::Event(event) => serde_json::to_string(event).ok()?,
        Content::Message(body) => serde_json::to_string(body).ok()?,
        _ => return None,
    };
    Received::new(&frame).ok()
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.content() {
            Content::Event(event) => write!(f, "event `{}`", event.action())?,
            Content::Message(_) => write!(f, "message `{}`", self.action())?,
            Content::Close { code, reason } => write!(f, "close {code} \"{reason}\"")?,
            Content::Unsubscribe { reason, .. } => {
                write!(f, "the end of a subscription ({reason})")?
            }
            other => write!(f, "{other:?}")?,
        }
        match self.target() {
            Target::Groups(_) => write!(f, " to {}", crate::received::names(&self.groups()))?,
            Target::Connection(id) => write!(f, " to connection {id}")?,
            Target::User(user) => write!(f, " to user `{user}`")?,
            other => write!(f, " to {other:?}")?,
        }
        write!(f, " of channel `{}`", self.channel())?;
        match &self.frame {
            Some(frame) => write!(f, ": {}", frame.payload()),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
