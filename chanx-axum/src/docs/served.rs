//! Answers that a client may keep and ask about again.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::encoded::Encoded;
#[cfg(feature = "compression")]
use super::gzip::Gzip;

/// A body that stays the same as long as the server runs.
#[derive(Debug)]
pub(super) struct Served {
    content_type: &'static str,
    plain: Encoded,
    #[cfg(feature = "compression")]
    gzip: Gzip,
}

impl Served {
    pub(super) fn new(body: impl Into<Bytes>, content_type: &'static str) -> Self {
        Self {
            content_type,
            plain: Encoded::new(body.into(), None),
            #[cfg(feature = "compression")]
            gzip: Gzip::default(),
        }
    }

    /// The body, or 304 where the client has it already (RFC 9110 §13.1.2).
    pub(super) fn answer(&self, request: &HeaderMap) -> Response {
        let encoded = self.encoded(request);
        let headers: [(HeaderName, HeaderValue); 4] = [
            (header::ETAG, encoded.etag.clone()),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (header::VARY, HeaderValue::from_static("accept-encoding")),
            (
                header::X_CONTENT_TYPE_OPTIONS,
                HeaderValue::from_static("nosniff"),
            ),
        ];
        if encoded.is_known(request) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        let mut response = (headers, Body::from(encoded.body.clone())).into_response();
        let headers = response.headers_mut();
        let content_type = HeaderValue::from_static(self.content_type);
        headers.insert(header::CONTENT_TYPE, content_type);
        if let Some(coding) = encoded.coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }

    /// The body as the client takes it.
    #[cfg(feature = "compression")]
    fn encoded(&self, request: &HeaderMap) -> &Encoded {
        let gzip = self.gzip.answer(&self.plain, request);
        gzip.unwrap_or(&self.plain)
    }

    #[cfg(not(feature = "compression"))]
    fn encoded(&self, _request: &HeaderMap) -> &Encoded {
        &self.plain
    }
}
