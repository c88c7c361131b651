//! A bearer token, from wherever a client can put one.

use std::{borrow::Cow, fmt, sync::Arc};

use axum::extract::FromRequestParts;
use chanx_core::Rejection;
use http::{HeaderMap, HeaderValue, header, request::Parts};

use crate::{rejection::RejectionResponse, request::elements};

/// The bearer token of a handshake (RFC 6750), not yet checked by anyone.
///
/// Taken from the first of these that is there:
///
/// 1. the `Authorization: Bearer …` header, which browsers' pages cannot set;
/// 2. `Sec-WebSocket-Protocol: bearer, <token>`, which they can:
///    `new WebSocket(url, ["bearer", token])`. The subprotocol `bearer` is
///    then answered as negotiated. What stands behind `bearer` is no token if
///    it is one of the route's own subprotocols;
/// 3. a query parameter, where
///    [`Channels::bearer_query`](crate::Channels::bearer_query) allows it:
///    proxies write queries to their logs.
///
/// Without a token it refuses with 401. Its `Debug` hides the token.
///
/// # Examples
///
/// ```
/// use chanx::{Bearer, Connect, Consumer, Rejection, channel};
///
/// # fn verify(token: &str) -> Option<u64> { (token == "sesame").then_some(7) }
/// #[derive(Consumer)]
/// struct Inbox {
///     user: u64,
/// }
///
/// impl Connect for Inbox {
///     type Handshake = Bearer;
///
///     async fn connect(token: Bearer) -> Result<Self, Rejection> {
///         let user = verify(token.as_str());
///         let user = user.ok_or_else(|| Rejection::unauthorized("unknown token"))?;
///         Ok(Self { user })
///     }
/// }
///
/// #[channel(name = "inbox", security(bearer))] // documents say so too
/// impl Inbox {}
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Bearer(String);

/// The places of a token that a route allows; [`Bearer`] finds it in the request.
#[derive(Debug, Clone)]
pub(crate) struct TokenPlaces {
    /// The query parameter that may carry the token.
    query: Option<Arc<str>>,
    /// The subprotocols spoken, none of which is a token.
    spoken: Arc<[Cow<'static, str>]>,
}

impl TokenPlaces {
    pub(crate) fn new(query: Option<Arc<str>>, spoken: &[Cow<'static, str>]) -> Self {
        Self {
            query,
            spoken: spoken.into(),
        }
    }

    /// Tells an extractor, unless there is nothing to tell.
    pub(crate) fn tell(&self, request: &mut Parts) {
        if self.query.is_some() || !self.spoken.is_empty() {
            request.extensions.insert(self.clone());
        }
    }
}

impl Bearer {
    /// The token.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The token, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Bearer {
    type Rejection = RejectionResponse;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, RejectionResponse> {
        if let Some(token) = from_authorization(&parts.headers) {
            return Ok(Self(token));
        }
        if let Some(token) = from_subprotocols(parts) {
            return Ok(Self(token));
        }
        let token = from_query(parts).ok_or_else(missing)?;
        Ok(Self(token))
    }
}

fn from_authorization(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.to_owned())
}

fn from_subprotocols(parts: &Parts) -> Option<String> {
    let places = parts.extensions.get::<TokenPlaces>();
    let is_spoken = |protocol: &str| {
        places.is_some_and(|places| places.spoken.iter().any(|spoken| spoken == protocol))
    };
    let mut protocols = elements(&parts.headers, header::SEC_WEBSOCKET_PROTOCOL);
    protocols.find(|protocol| *protocol == "bearer")?;
    let token = protocols.next().filter(|token| !is_spoken(token))?;
    Some(token.to_owned())
}

fn from_query(parts: &Parts) -> Option<String> {
    let name = parts.extensions.get::<TokenPlaces>()?.query.as_ref()?;
    let query = parts.uri.query()?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let (_, token) = pairs.find(|(key, _)| *key == **name)?;
    (!token.is_empty()).then(|| token.into_owned())
}

fn missing() -> Rejection {
    let scheme = HeaderValue::from_static("Bearer");
    Rejection::unauthorized("a bearer token is required")
        .with_header(header::WWW_AUTHENTICATE, scheme)
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bearer(…)")
    }
}
