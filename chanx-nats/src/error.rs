//! The errors of connecting to NATS.

use std::{error::Error, time::Duration};

use async_nats::ConnectErrorKind;
use chanx_core::layer::BrokerError;

/// The reason for which NATS could not be connected to.
///
/// [`ChannelLayer::connect`](chanx_core::ChannelLayer::connect) has it as the source of its
/// [`BrokerError::Failed`] or
/// [`BrokerError::Refused`]. A node that was connected once never gives
/// up: then it is only logged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The URL is none of NATS's.
    #[error("not a URL of NATS")]
    Url(#[source] Source),
    /// Nobody listens there, or the name of the host is not known.
    #[error("NATS cannot be reached")]
    Unreachable(#[source] Source),
    /// NATS does not answer.
    #[error("NATS has not answered within {within:?}")]
    TimedOut {
        /// The time that it was given.
        within: Duration,
    },
    /// The user name, the password, the token or the file of credentials is wrong, or one is needed.
    #[error("NATS refuses the user or the password")]
    Credentials(#[source] Source),
    /// There is no encrypted connection, or the certificate is not trusted.
    #[error("there is no connection to NATS over TLS")]
    Tls(#[source] Source),
    /// It is older than NATS 2.2.
    #[error("NATS 2.2 or later is needed, and this is {version}")]
    TooOld {
        /// The version of the server.
        version: String,
    },
    /// NATS takes no more connections.
    #[error("NATS takes no more clients")]
    Full(#[source] Source),
    /// The user may not publish or subscribe to `chanx.>` behind the prefix.
    ///
    /// A publication that is refused later has it as its source too.
    #[error("NATS does not allow what a node needs")]
    Forbidden(#[source] Source),
}

/// The error of the NATS client.
type Source = Box<dyn Error + Send + Sync>;

impl ConnectError {
    pub(crate) fn new(error: async_nats::ConnectError, within: Duration) -> Self {
        let text = error.to_string();
        match error.kind() {
            ConnectErrorKind::ServerParse => Self::Url(error.into()),
            ConnectErrorKind::TimedOut => Self::TimedOut { within },
            ConnectErrorKind::Tls => Self::Tls(error.into()),
            ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation => {
                Self::Credentials(error.into())
            }
            _ if text.contains("certificate") => Self::Tls(error.into()),
            _ if text.contains("maximum connections") => Self::Full(error.into()),
            ConnectErrorKind::Dns | ConnectErrorKind::Io | ConnectErrorKind::MaxReconnects => {
                Self::Unreachable(error.into())
            }
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
