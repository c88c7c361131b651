//! The errors of connecting to Redis.

use std::{error::Error, time::Duration};

use chanx_core::layer::BrokerError;
use redis::{ErrorKind, RedisError};

/// The reason for which Redis could not be connected to.
///
/// [`ChannelLayer::connect`](chanx_core::ChannelLayer::connect) has it as the source of its
/// [`BrokerError::Failed`] or
/// [`BrokerError::Refused`]. A node that was connected once never gives
/// up: then it is only logged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The URL is none of Redis's, or of a feature that is not switched on.
    #[error("not a URL of Redis")]
    Url(#[source] Source),
    /// Nobody listens there, or the name of the host is not known.
    #[error("Redis cannot be reached")]
    Unreachable(#[source] Source),
    /// Redis does not answer.
    #[error("Redis has not answered within {within:?}")]
    TimedOut {
        /// The time that it was given.
        within: Duration,
    },
    /// The user name or the password is wrong, or one is needed.
    #[error("Redis refuses the user or the password")]
    Credentials(#[source] Source),
    /// It is older than Redis 6.
    #[error("Redis 6 or later is needed")]
    TooOld(#[source] Source),
    /// Redis takes no more connections.
    #[error("Redis takes no more clients")]
    Full(#[source] Source),
    /// There is no encrypted connection, or the certificate is not trusted.
    #[error("there is no connection to Redis over TLS")]
    Tls(#[source] Source),
    /// The user may not publish or subscribe to `chanx.*` behind the prefix.
    ///
    /// What is refused later has it as its source too.
    #[error("Redis does not allow what a node needs")]
    Forbidden(#[source] Source),
    /// Redis says something else.
    #[error("Redis refuses the connection")]
    Refused(#[source] Source),
}

/// The error of the Redis client.
type Source = Box<dyn Error + Send + Sync>;

impl ConnectError {
    pub(crate) fn new(error: RedisError) -> Self {
        let is_full = error
            .detail()
            .is_some_and(|detail| detail.contains("number of clients"));
        let is_of_tls = error.to_string().contains("certificate");
        match (error.kind(), error.code()) {
            (ErrorKind::InvalidClientConfig, _) => Self::Url(error.into()),
            (ErrorKind::RESP3NotSupported, _) | (_, Some("NOPROTO")) => Self::TooOld(error.into()),
            (ErrorKind::AuthenticationFailed, _) | (_, Some("WRONGPASS" | "NOAUTH")) => {
                Self::Credentials(error.into())
            }
            (_, Some("NOPERM")) => Self::Forbidden(error.into()),
            (ErrorKind::Io, _) if is_of_tls => Self::Tls(error.into()),
            _ if is_full => Self::Full(error.into()),
            (ErrorKind::Io, _) => Self::Unreachable(error.into()),
            _ => Self::Refused(error.into()),
        }
    }

    /// The error in the layer's words.
    pub(crate) fn into_broker(self) -> BrokerError {
        match self {
            Self::Forbidden(_) => BrokerError::refused(self),
            _ => BrokerError::failed(self),
        }
    }
}
