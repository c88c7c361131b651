//! Answers that a client may keep and ask about again.

use std::{
    hash::{DefaultHasher, Hasher},
    io::Write,
    sync::OnceLock,
};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::request::elements;

/// A body that stays the same as long as the server runs.
#[derive(Debug)]
pub(super) struct Served {
    content_type: &'static str,
    plain: Encoded,
    /// Made when it is first asked for.
    gzip: OnceLock<Encoded>,
}

/// The body as it travels.
#[derive(Debug)]
struct Encoded {
    body: Bytes,
    etag: HeaderValue,
}

impl Served {
    pub(super) fn new(body: impl Into<Bytes>, content_type: &'static str) -> Self {
        Self {
            content_type,
            plain: Encoded::new(body.into()),
            gzip: OnceLock::new(),
        }
    }

    /// The body, or 304 where the client has it already (RFC 9110 §13.1.2).
    pub(super) fn answer(&self, request: &HeaderMap) -> Response {
        let gzip = accepts_gzip(request);
        let encoded = if gzip {
            self.gzip.get_or_init(|| self.plain.gzip())
        } else {
            &self.plain
        };
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
        if gzip {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }
}

impl Encoded {
    fn new(body: Bytes) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(&body);
        let etag = format!("\"{:016x}\"", hasher.finish());
        Self {
            body,
            etag: HeaderValue::try_from(etag).expect("hexadecimal digits may stand in a header"),
        }
    }

    fn gzip(&self) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        let compressed = encoder
            .write_all(&self.body)
            .and_then(|()| encoder.finish());
        Self::new(
            compressed
                .expect("a vector takes all that is written")
                .into(),
        )
    }

    fn is_known(&self, request: &HeaderMap) -> bool {
        elements(request, header::IF_NONE_MATCH)
            .map(|tag| tag.trim_start_matches("W/"))
            .any(|tag| tag == "*" || tag.as_bytes() == self.etag.as_bytes())
    }
}

fn accepts_gzip(request: &HeaderMap) -> bool {
    elements(request, header::ACCEPT_ENCODING).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().strip_prefix("q=");
        let refused = weight.is_some_and(|weight| weight.parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}
