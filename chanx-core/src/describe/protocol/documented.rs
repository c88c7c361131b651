//! A channel where it is served, which a protocol is made from.

use crate::describe::{ChannelDescription, ProtocolFrames};

/// A channel at the path where it is served.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Documented {
    /// The whole path, with `{parameters}` as axum writes them.
    pub path: String,
    /// The name that documents and clients give it: the channel's, or another where a
    /// topic has a route of its own.
    pub name: String,
    /// The channel's protocol.
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
