//! The options of connections, as the application sets them.

mod authentication;
mod channel;
mod completion;
mod compression;
mod overflow;
mod rate_limit;
mod socket;

pub use authentication::AuthenticationFrames;
pub use channel::ChannelOptions;
pub use completion::CompletionFrames;
pub use compression::Compression;
pub use overflow::Overflow;
pub use rate_limit::RateLimit;
pub use socket::{SocketOptions, SocketSizes};
