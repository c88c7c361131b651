//! Answers that a client may keep and ask about again.

use std::hash::{DefaultHasher, Hasher};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

/// A body that stays the same as long as the server runs.
#[derive(Debug)]
pub(super) struct Served {
    body: Bytes,
    content_type: &'static str,
    etag: HeaderValue,
}

impl Served {
    pub(super) fn new(body: impl Into<Bytes>, content_type: &'static str) -> Self {
        let body = body.into();
        let mut hasher = DefaultHasher::new();
        hasher.write(&body);
        let etag = format!("\"{:016x}\"", hasher.finish());
        Self {
            body,
            content_type,
            etag: HeaderValue::try_from(etag).expect("hexadecimal digits may stand in a header"),
        }
    }

    /// The body, or 304 where the client has it already (RFC 9110 §13.1.2).
    pub(super) fn answer(&self, request: &HeaderMap) -> Response {
        let headers: [(HeaderName, HeaderValue); 3] = [
            (header::ETAG, self.etag.clone()),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (
                header::X_CONTENT_TYPE_OPTIONS,
                HeaderValue::from_static("nosniff"),
            ),
        ];
        if self.is_known(request) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        let content_type = [(header::CONTENT_TYPE, self.content_type)];
        (headers, content_type, Body::from(self.body.clone())).into_response()
    }

    fn is_known(&self, request: &HeaderMap) -> bool {
        let known = request.get_all(header::IF_NONE_MATCH).into_iter();
        known
            .filter_map(|tags| tags.to_str().ok())
            .flat_map(|tags| tags.split(','))
            .map(|tag| tag.trim().trim_start_matches("W/"))
            .any(|tag| tag == "*" || tag.as_bytes() == self.etag.as_bytes())
    }
}
