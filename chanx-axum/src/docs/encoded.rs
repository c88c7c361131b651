//! Bodies as they travel.

use std::hash::{DefaultHasher, Hasher};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};

use crate::request::elements;

/// A body as it travels, and its mark (RFC 9110 §8.8.3).
#[derive(Debug)]
pub(super) struct Encoded {
    pub(super) body: Bytes,
    /// The name of its coding, where it has one.
    pub(super) coding: Option<&'static str>,
    pub(super) etag: HeaderValue,
}

impl Encoded {
    pub(super) fn new(body: Bytes, coding: Option<&'static str>) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(&body);
        let etag = format!("\"{:016x}\"", hasher.finish());
        Self {
            body,
            coding,
            etag: HeaderValue::try_from(etag).expect("hexadecimal digits may stand in a header"),
        }
    }

    /// True if the client has it already.
    pub(super) fn is_known(&self, request: &HeaderMap) -> bool {
        elements(request, header::IF_NONE_MATCH)
            .map(|tag| tag.trim_start_matches("W/"))
            .any(|tag| tag == "*" || tag.as_bytes() == self.etag.as_bytes())
    }
}
