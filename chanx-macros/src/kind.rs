//! The kind of a derive: messages or events.

/// Messages and events are derived alike; this is how they differ in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Message,
    Event,
}

impl Kind {
    /// `message` or `event`, which is the name of the helper attribute too.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Event => "event",
        }
    }

    /// The noun with its article.
    pub(crate) fn a_noun(self) -> &'static str {
        match self {
            Self::Message => "a message",
            Self::Event => "an event",
        }
    }

    /// The derive of one.
    pub(crate) fn derive(self) -> &'static str {
        match self {
            Self::Message => "#[derive(Message)]",
            Self::Event => "#[derive(Event)]",
        }
    }

    /// The derive of an enum of them.
    pub(crate) fn derive_enum(self) -> &'static str {
        match self {
            Self::Message => "#[derive(MessageEnum)]",
            Self::Event => "#[derive(EventEnum)]",
        }
    }
}
