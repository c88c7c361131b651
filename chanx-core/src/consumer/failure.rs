//! Errors that a handler may fail with.

use std::{borrow::Cow, error::Error, fmt::Debug};

/// An error that a handler may fail with, which says what the client reads of it.
///
/// Implement it for the application's own error types. `?` then makes a
/// [`HandlerError`](crate::HandlerError) of them, and a handler may return
/// `Result<_, MyError>` as it is. The error itself goes to the log.
///
/// The client reads [`detail`](Self::detail) and [`reason`](Self::reason);
/// without a detail, a neutral sentence. An error with a detail and nothing
/// behind it ([`Error::source`]) is the client's own mistake, and is logged at
/// debug; any other is the operator's business, and is logged at warn.
///
/// The errors of chanx implement it, as those of the standard library, of
/// `serde_json` and of tokio do, with nothing for the client. For any other
/// there is [`HandlerError::internal`](crate::HandlerError::internal). For a
/// type that is no [`Error`], write `impl From<MyError> for HandlerError`.
///
/// # Examples
///
/// ```
/// use std::{borrow::Cow, error::Error, fmt};
///
/// use chanx::{Failure, HandlerError};
///
/// #[derive(Debug)]
/// enum AppError {
///     RoomIsFull { seats: u32 },
///     Database(std::io::Error),
/// }
///
/// impl fmt::Display for AppError {
///     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
///         match self {
///             Self::RoomIsFull { seats } => write!(f, "all {seats} seats are taken"),
///             Self::Database(_) => write!(f, "the database does not answer"),
///         }
///     }
/// }
///
/// impl Error for AppError {
///     fn source(&self) -> Option<&(dyn Error + 'static)> {
///         match self {
///             Self::RoomIsFull { .. } => None,
///             Self::Database(error) => Some(error),
///         }
///     }
/// }
///
/// impl Failure for AppError {
///     fn detail(&self) -> Option<Cow<'_, str>> {
///         match self {
///             Self::RoomIsFull { .. } => Some(self.to_string().into()),
///             Self::Database(_) => None,
///         }
///     }
///
///     fn reason(&self) -> Option<Cow<'_, str>> {
///         match self {
///             Self::RoomIsFull { .. } => Some("room_full".into()),
///             Self::Database(_) => None,
///         }
///     }
/// }
///
/// fn take_a_seat(seats: u32) -> Result<(), AppError> {
///     Err(AppError::RoomIsFull { seats })
/// }
///
/// fn enter() -> Result<(), HandlerError> {
///     take_a_seat(10)?;
///     Ok(())
/// }
///
/// let error = enter().unwrap_err();
/// assert_eq!(error.detail(), Some("all 10 seats are taken"));
/// assert_eq!(error.reason(), Some("room_full"));
///
/// let error = HandlerError::from(AppError::Database(std::io::Error::other("disk on fire")));
/// assert_eq!(error.detail(), None);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what a client may read of it",
    // With `?` the compiler shows the label alone.
    label = "write `.map_err(HandlerError::internal)?`, or `impl Failure` for an error of your own",
    note = "the client reads nothing of an internal error, and of a `Failure` what its `detail` says"
)]
pub trait Failure: Error + Send + Sync + 'static {
    /// The text that the client reads: nothing of the error, unless this is written.
    fn detail(&self) -> Option<Cow<'_, str>> {
        None
    }

    /// A word for the client to branch on.
    fn reason(&self) -> Option<Cow<'_, str>> {
        None
    }
}

/// Errors of which the client is told nothing.
macro_rules! internal {
    ($($error:ty),* $(,)?) => {
        $(impl Failure for $error {})*
    };
}

internal! {
    crate::connection::JoinError,
    crate::consumer::SendError,
    crate::identity::ParseConnectionIdError,
    crate::layer::LayerError,
    crate::wire::EncodeError,
    crate::wire::FrameError,
    crate::wire::InvalidPayload,
}

internal! {
    std::array::TryFromSliceError,
    std::char::CharTryFromError,
    std::char::ParseCharError,
    std::convert::Infallible,
    std::env::VarError,
    std::fmt::Error,
    std::io::Error,
    std::net::AddrParseError,
    std::num::ParseFloatError,
    std::num::ParseIntError,
    std::num::TryFromIntError,
    std::str::ParseBoolError,
    std::str::Utf8Error,
    std::string::FromUtf8Error,
    std::sync::mpsc::RecvError,
    std::time::SystemTimeError,
}

internal! {
    serde_json::Error,
    tokio::sync::AcquireError,
    tokio::sync::TryAcquireError,
    tokio::sync::broadcast::error::RecvError,
    tokio::sync::mpsc::error::TryRecvError,
    tokio::sync::oneshot::error::RecvError,
    tokio::sync::watch::error::RecvError,
    tokio::task::JoinError,
    tokio::time::error::Elapsed,
}

impl<T: Debug + Send + Sync + 'static> Failure for tokio::sync::broadcast::error::SendError<T> {}
impl<T: Send + Sync + 'static> Failure for tokio::sync::mpsc::error::SendError<T> {}
impl<T: Send + Sync + 'static> Failure for tokio::sync::mpsc::error::TrySendError<T> {}
impl<T: Send + Sync + 'static> Failure for tokio::sync::watch::error::SendError<T> {}
