//! How a handshake is refused.

use std::borrow::Cow;

use http::StatusCode;

/// A refusal of the handshake: an HTTP status and a detail for the client.
///
/// Before the upgrade it is the HTTP response, with the body
/// `{"detail": "…"}`. Where a channel refuses after the upgrade, for browsers
/// that cannot read the response, it is an `authentication` frame and the
/// close code 4000 + status: see
/// [`AuthenticationFrames`](crate::AuthenticationFrames).
///
/// An extractor of the application's own refuses with one by way of
/// `RejectionResponse`.
///
/// # Examples
///
/// ```
/// use chanx::{Consumer, Rejection};
/// use http::StatusCode;
///
/// # fn seats() -> usize { 0 }
/// struct Table;
///
/// impl Consumer for Table {
///     type Handshake = ();
///
///     async fn connect((): ()) -> Result<Self, Rejection> {
///         if seats() == 0 {
///             return Err(Rejection::new(StatusCode::CONFLICT, "no seat is free"));
///         }
///         Ok(Self)
///     }
/// }
///
/// let refused = Rejection::forbidden("members only");
/// assert_eq!(refused.status(), StatusCode::FORBIDDEN);
/// assert_eq!(refused.detail(), "members only");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    status: StatusCode,
    detail: Cow<'static, str>,
}

impl Rejection {
    /// Refuses with a status and a detail that the client may read.
    pub fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            detail: detail.into(),
        }
    }

    /// 401: who the client is could not be established.
    pub fn unauthorized(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail)
    }

    /// 403: the client may not do this.
    pub fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    /// 404: there is nothing here, or nothing that this client may know of.
    pub fn not_found(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What the client may read.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}
