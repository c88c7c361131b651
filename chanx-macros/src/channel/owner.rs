//! The type that has a block of handlers: a consumer, or a part of consumers.

/// The type that has a block of handlers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Consumer,
    Part,
}

impl Owner {
    /// The attribute of its block.
    pub(super) fn attribute(self) -> &'static str {
        match self {
            Self::Consumer => "channel",
            Self::Part => "handlers",
        }
    }

    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Consumer => "consumer",
            Self::Part => "part",
        }
    }
}
