//! The limit on a client's rate of messages.

use std::num::NonZeroU32;

/// The limit on a client's rate of messages: so many at once, refilled at so many a
/// second.
///
/// Every text or binary message counts, those that are refused too. Pings and pongs are counted
/// apart, and may be as many.
///
/// # Examples
///
/// ```
/// use chanx::{ChannelOptions, RateLimit};
///
/// let options = ChannelOptions::default().rate_limit(RateLimit::per_second(20).burst(100));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    pub(crate) per_second: NonZeroU32,
    pub(crate) burst: NonZeroU32,
}

impl RateLimit {
    /// A limit of so many messages a second, and as many at once; always at least one.
    #[must_use]
    pub const fn per_second(messages: u32) -> Self {
        let messages = at_least_one(messages);
        Self {
            per_second: messages,
            burst: messages,
        }
    }

    /// Lets a client that has been quiet send more at once; always at least one.
    #[must_use]
    pub const fn burst(mut self, messages: u32) -> Self {
        self.burst = at_least_one(messages);
        self
    }
}

const fn at_least_one(messages: u32) -> NonZeroU32 {
    match NonZeroU32::new(messages) {
        Some(messages) => messages,
        None => NonZeroU32::MIN,
    }
}
