//! The refusal of a handshake.

use std::{borrow::Cow, error::Error, fmt};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// A refusal of the handshake: an HTTP status and a detail for the client.
///
/// Before the upgrade it is the HTTP response, with its headers and the body
/// `{"detail": "…"}`. Where a channel refuses after the upgrade, for browsers
/// that cannot read the response, it is an `authentication` frame and the
/// close code 4000 + status: see
/// [`AuthenticationFrames`](crate::AuthenticationFrames). Headers are then not told.
///
/// An extractor of the application's own refuses with one by way of
/// `RejectionResponse`.
///
/// # Examples
///
/// ```
/// use chanx::{Connect, Consumer, Rejection};
/// use http::{StatusCode, header};
///
/// # fn seats() -> usize { 0 }
/// #[derive(Consumer)]
/// struct Table;
///
/// impl Connect for Table {
///     type Handshake = ();
///
///     async fn connect((): ()) -> Result<Self, Rejection> {
///         if seats() == 0 {
///             let refused = Rejection::new(StatusCode::CONFLICT, "no seat is free");
///             return Err(refused.with_header(header::RETRY_AFTER, 60));
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
    /// Boxed: most refusals have none, and `Result`s hold room for it.
    headers: Option<Box<HeaderMap>>,
}

impl Rejection {
    /// Refuses with a status and a detail that the client may read.
    pub fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            detail: detail.into(),
            headers: None,
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

    /// Adds a header to the response, such as `Retry-After` or `WWW-Authenticate`.
    ///
    /// A header that is there already is kept beside it. The body's own
    /// headers, such as `Content-Type`, are not to be chosen.
    ///
    /// # Panics
    ///
    /// Beyond 24 576 headers, the most that an `http::HeaderMap` takes.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: impl Into<HeaderValue>) -> Self {
        self.headers
            .get_or_insert_default()
            .append(name, value.into());
        self
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The text that the client may read.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The headers that were added, in no order.
    pub fn headers(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.headers.iter().flat_map(|headers| headers.iter())
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused with {}: {}", self.status.as_u16(), self.detail)
    }
}

impl Error for Rejection {}
