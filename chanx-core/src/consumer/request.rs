//! The request that opened a connection.

use std::{fmt, net::SocketAddr};

use http::{HeaderMap, HeaderValue, Method, Uri};

/// The request that opened a connection.
///
/// A consumer finds it in [`Context::request`](crate::Context::request). Its `Debug` leaves the query out, which may carry credentials.
#[derive(Clone, Default)]
pub struct RequestInfo {
    method: Method,
    uri: Uri,
    headers: Option<Box<HeaderMap>>,
    peer: Option<SocketAddr>,
    subprotocol: Option<Box<str>>,
}

impl RequestInfo {
    /// A request without headers.
    ///
    /// The URI is copied: a server's is a slice of the buffer that it read the
    /// request into, and would keep all of that for as long as the connection
    /// lasts.
    #[must_use]
    pub fn new(method: Method, uri: &Uri) -> Self {
        let uri = uri.to_string().parse().unwrap_or_default();
        Self {
            method,
            uri,
            headers: None,
            peer: None,
            subprotocol: None,
        }
    }

    /// Keeps a copy of the headers for as long as the connection lasts.
    #[must_use]
    pub fn with_headers(mut self, headers: &HeaderMap) -> Self {
        let copies = headers.iter().filter_map(|(name, value)| {
            let mut copy = HeaderValue::from_bytes(value.as_bytes()).ok()?;
            copy.set_sensitive(value.is_sensitive());
            Some((name.clone(), copy))
        });
        self.headers = Some(Box::new(copies.collect()));
        self
    }

    /// Says where the connection comes from.
    #[must_use]
    pub fn with_peer(mut self, peer: Option<SocketAddr>) -> Self {
        self.peer = peer;
        self
    }

    /// Says which subprotocol was negotiated.
    #[must_use]
    pub fn with_subprotocol(mut self, protocol: Option<&str>) -> Self {
        self.subprotocol = protocol.map(Into::into);
        self
    }

    /// `GET`, or `CONNECT` over HTTP/2.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URI as the client sent it.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The path, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// The query, without the question mark.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// The address that the connection comes from, if the server knows it: the other
    /// end of the TCP connection, which may be a proxy.
    #[must_use]
    pub fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }

    /// The subprotocol that was negotiated (RFC 6455 §1.9).
    #[must_use]
    pub fn subprotocol(&self) -> Option<&str> {
        self.subprotocol.as_deref()
    }

    /// The headers, where the route keeps them:
    /// [`ChannelOptions::keep_headers`](crate::ChannelOptions::keep_headers).
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.headers.as_deref()
    }
}

impl fmt::Debug for RequestInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestInfo")
            .field("method", &self.method)
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}
