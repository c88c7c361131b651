//! The error of a handler.

use std::{borrow::Cow, error::Error, fmt};

use super::Failure;

/// The error of a handler, and the part of it that the client may know.
///
/// Any [`Failure`] converts into it with `?`: the error goes to the log, and
/// the client reads what the error says that it may, or else a neutral detail.
/// Errors of other crates become one by [`internal`](Self::internal), a
/// `Box<dyn Error + Send + Sync>` by `?`. What the client should read is said
/// on the spot with [`client`](Self::client).
///
/// A handler of a message that fails is answered with an `error` frame that
/// carries the message's `ref`, and the connection goes on. A handler of an
/// event that fails is logged alone; a hook that fails, see [`Consumer`].
///
/// | failed with | the client reads | the log has |
/// | --- | --- | --- |
/// | `some_io()?` | `{"detail": "Failed to process message for enter"}` | at warn, the error and what is behind it |
/// | `query().map_err(HandlerError::internal)?` | the same | the same |
/// | `HandlerError::internal("no such shard")` | the same | at warn, the text |
/// | `client("room is full")` | `{"detail": "room is full"}` | at debug, the same |
/// | `….with_reason("room_full")` | `{"detail": …, "reason": "room_full"}` | at debug, the detail |
/// | `….with_source(error)` | the same | at warn, detail and error |
/// | an error of one's own, `impl Failure` | its `detail` and `reason` | at debug where it has a detail and no source, else at warn |
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
    /// True if it is the client's own mistake, and none of the operator's business.
    mistake: bool,
}

impl HandlerError {
    /// An error whose text is for the client's eyes, which is logged at debug.
    pub fn client(detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            detail: Some(detail.into()),
            reason: None,
            source: None,
            mistake: true,
        }
    }

    /// An error for the log alone: the client reads a neutral detail.
    ///
    /// It takes whatever can be boxed as an error: any error, an
    /// `anyhow::Error`, a text.
    ///
    /// # Examples
    ///
    /// ```
    /// use chanx::HandlerError;
    ///
    /// fn query(shard: u32) -> Result<u32, String> {
    ///     Err(format!("shard {shard} does not answer"))
    /// }
    ///
    /// fn enter() -> Result<u32, HandlerError> {
    ///     query(7).map_err(HandlerError::internal)
    /// }
    ///
    /// let error = enter().unwrap_err();
    /// assert_eq!(error.detail(), None);
    /// assert_eq!(error.to_string(), "shard 7 does not answer");
    /// ```
    pub fn internal(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            detail: None,
            reason: None,
            source: Some(error.into()),
            mistake: false,
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
        self.mistake = false;
        self
    }

    /// The text that the client may read, if there is one.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// The word for the client to branch on.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The error it was made from, which the client never sees.
    #[must_use]
    pub fn source(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        self.source.as_deref()
    }

    /// True if it is the client's own mistake, and none of the operator's business.
    pub(crate) fn is_mistake(&self) -> bool {
        self.mistake
    }

    /// The error, and behind colons each error behind it that says something
    /// else, for the log.
    pub(crate) fn chain(&self) -> String {
        let mut said = self.to_string();
        let mut chain = said.clone();
        let mut behind = Error::source(self);
        while let Some(error) = behind {
            let text = error.to_string();
            if text != said {
                chain.push_str(": ");
                chain.push_str(&text);
            }
            said = text;
            behind = error.source();
        }
        chain
    }
}

impl<E: Failure> From<E> for HandlerError {
    fn from(failure: E) -> Self {
        let detail = failure.detail().map(|detail| detail.into_owned().into());
        let reason = failure.reason().map(|reason| reason.into_owned().into());
        Self {
            mistake: detail.is_some() && failure.source().is_none(),
            detail,
            reason,
            source: Some(Box::new(failure)),
        }
    }
}

/// A boxed `HandlerError` stays as it was; any other error is for the log alone.
impl From<Box<dyn Error + Send + Sync>> for HandlerError {
    fn from(error: Box<dyn Error + Send + Sync>) -> Self {
        match error.downcast::<Self>() {
            Ok(error) => *error,
            Err(error) => Self::internal(error),
        }
    }
}

impl fmt::Debug for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandlerError")
            .field("detail", &self.detail)
            .field("reason", &self.reason)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.detail, &self.source) {
            (Some(detail), _) => f.write_str(detail),
            (None, Some(source)) => write!(f, "{source}"),
            (None, None) => f.write_str("handler failed"),
        }
    }
}

impl Error for HandlerError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_deref()?;
        match self.detail {
            Some(_) => Some(source),
            // Its text is this one's.
            None => source.source(),
        }
    }
}
