//! How a handler fails.

use std::{borrow::Cow, error::Error, fmt};

/// Why a handler failed, and what the client may know of it.
///
/// Any error converts into it with `?`: its text goes to the log, and the
/// client sees a neutral detail. What the client should read is said with
/// [`client`](Self::client).
///
/// A handler of a message that fails is answered with an `error` frame that
/// carries the message's `ref`, and the connection goes on. A handler of an
/// event that fails is logged alone; a hook that fails, see [`Consumer`].
///
/// It does not implement [`Error`] itself, which is what allows the
/// conversion; [`source`](Self::source) gives the error it was made from.
///
/// | failed with | the client reads | the log has |
/// | --- | --- | --- |
/// | `some_io()?` | `{"detail": "Failed to process message for enter"}` | the error |
/// | `client("room is full")` | `{"detail": "room is full"}` | the same |
/// | `….with_reason("room_full")` | `{"detail": …, "reason": "room_full"}` | the same |
/// | `….with_source(error)` | the same | detail and error |
///
/// [`Consumer`]: crate::Consumer
///
/// # Examples
///
/// ```
/// use chanx::HandlerError;
///
/// fn enter(members: usize) -> Result<(), HandlerError> {
///     if members == 10 {
///         return Err(HandlerError::client("room is full").with_reason("room_full"));
///     }
///     "7".parse::<u8>()?;
///     Ok(())
/// }
///
/// let refused = enter(10).unwrap_err();
/// assert_eq!(refused.detail(), Some("room is full"));
/// assert_eq!(refused.reason(), Some("room_full"));
///
/// let failed = HandlerError::from(std::io::Error::other("disk on fire"));
/// assert_eq!(failed.detail(), None); // the client is told nothing of the disk
/// assert_eq!(failed.to_string(), "disk on fire"); // the log is
/// ```
pub struct HandlerError {
    detail: Option<Cow<'static, str>>,
    reason: Option<Cow<'static, str>>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl HandlerError {
    /// An error whose text is for the client's eyes.
    pub fn client(detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            detail: Some(detail.into()),
            reason: None,
            source: None,
        }
    }

    /// Adds a word for the client to branch on.
    #[must_use]
    pub fn with_reason(mut self, reason: impl Into<Cow<'static, str>>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Adds the error behind it, for the log.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What the client may read, if anything was said.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// The word for the client to branch on.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The error behind it, which the client never sees.
    #[must_use]
    pub fn source(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        self.source.as_deref()
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for HandlerError {
    fn from(source: E) -> Self {
        Self {
            detail: None,
            reason: None,
            source: Some(Box::new(source)),
        }
    }
}

impl fmt::Debug for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandlerError")
            .field("detail", &self.detail)
            .field("reason", &self.reason)
            .field("source", &self.source)
            .finish()
    }
}

impl fmt::Display for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.detail, &self.source) {
            (Some(detail), Some(source)) => write!(f, "{detail}: {source}"),
            (Some(detail), None) => f.write_str(detail),
            (None, Some(source)) => write!(f, "{source}"),
            (None, None) => f.write_str("handler failed"),
        }
    }
}
