//! Frames that tell what has been dealt with.

/// The frames that tell a client what has been dealt with.
///
/// An application says on or off, by
/// [`ChannelOptions::completion_frames`](crate::ChannelOptions::completion_frames).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum CompletionFrames {
    /// None.
    #[default]
    Off,
    /// Of what belongs to no topic.
    On,
    /// Of topics too, for a test that waits for them.
    OnTopicsToo,
}

impl From<bool> for CompletionFrames {
    fn from(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}
