//! The marks that tie an answer to the frame that it answers.

use std::borrow::Cow;

/// The `ref` and the topic of a client's frame, which every answer to it carries.
///
/// # Examples
///
/// ```
/// use chanx::wire::{Correlation, Inbound};
///
/// let frame = br#"{"action": "ping", "ref": "7", "topic": "room:5"}"#;
/// let frame = Inbound::decode(frame).expect("it names an action");
/// assert_eq!(frame.correlation, Correlation::default().with_ref("7").with_topic("room:5"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Correlation<'a> {
    /// The client's name for its frame.
    pub reference: Option<Cow<'a, str>>,
    /// The stream that the frame belongs to.
    pub topic: Option<Cow<'a, str>>,
    /// Of an event that is being handled, its publisher's own number.
    pub(crate) seq: Option<u64>,
}

impl Correlation<'static> {
    /// Nothing that an answer would carry.
    pub(crate) const NONE: Self = Self {
        reference: None,
        topic: None,
        seq: None,
    };
}

impl<'a> Correlation<'a> {
    /// Sets the `ref`.
    #[must_use]
    pub fn with_ref(mut self, reference: impl Into<Cow<'a, str>>) -> Self {
        self.reference = Some(reference.into());
        self
    }

    /// Sets the topic.
    #[must_use]
    pub fn with_topic(mut self, topic: impl Into<Cow<'a, str>>) -> Self {
        self.topic = Some(topic.into());
        self
    }

    /// True if there is nothing that an answer would carry.
    #[inline]
    pub(crate) fn is_none(&self) -> bool {
        self.is_push() && self.topic.is_none()
    }

    /// Takes these marks for its own. A topic that it has already, as all frames of a
    /// subscription do, is not copied.
    pub(crate) fn replace_by(&mut self, marks: &Correlation<'_>) {
        let owned = |name: &Option<Cow<'_, str>>| name.as_deref().map(|it| it.to_owned().into());
        if self.topic != marks.topic {
            self.topic = owned(&marks.topic);
        }
        self.reference = owned(&marks.reference);
        self.seq = marks.seq;
    }

    /// True if what carries these marks answers no frame and has no number.
    #[inline]
    pub(crate) fn is_push(&self) -> bool {
        self.reference.is_none() && self.seq.is_none()
    }

    /// Copies whatever it borrows, so that it may outlive the frame.
    #[must_use]
    pub fn into_owned(self) -> Correlation<'static> {
        if self.is_none() {
            return Correlation::default();
        }
        let owned = |name: Cow<'_, str>| Cow::Owned(name.into_owned());
        Correlation {
            reference: self.reference.map(owned),
            topic: self.topic.map(owned),
            seq: self.seq,
        }
    }
}
