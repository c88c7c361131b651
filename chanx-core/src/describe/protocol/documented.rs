//! A channel where it is served, which a protocol is made from.

use crate::describe::{ChannelDescription, ProtocolFrames};

/// A channel where it is served.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Documented {
    /// The whole path, with `{parameters}` as axum writes them.
    pub path: String,
    /// Its name: the channel's, unless several routes have the channel.
    pub name: String,
    /// The channel.
    pub channel: ChannelDescription,
    /// The frames of the protocol's own that it sends.
    pub frames: ProtocolFrames,
    /// The query parameter that may carry a bearer token.
    pub bearer_query: Option<String>,
}

impl Documented {
    /// A channel at a path, with the frames that every channel sends.
    pub fn new(path: impl Into<String>, channel: ChannelDescription) -> Self {
        Self {
            path: path.into(),
            name: channel.name.to_owned(),
            channel,
            frames: ProtocolFrames::default(),
            bearer_query: None,
        }
    }
}
