//! Bodies as gzip, for clients that take it.

use std::{io::Write, sync::OnceLock};

use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, header};

use super::encoded::Encoded;
use crate::request::elements;

/// A body as gzip, made when it is first asked for.
#[derive(Debug, Default)]
pub(super) struct Gzip(OnceLock<Encoded>);

impl Gzip {
    /// `None` where the client does not take it.
    pub(super) fn answer(&self, plain: &Encoded, request: &HeaderMap) -> Option<&Encoded> {
        is_accepted(request).then(|| self.0.get_or_init(|| gzip(plain)))
    }
}

fn gzip(plain: &Encoded) -> Encoded {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let compressed = encoder
        .write_all(&plain.body)
        .and_then(|()| encoder.finish());
    let compressed = compressed.expect("a vector takes all that is written");
    Encoded::new(compressed.into(), Some("gzip"))
}

fn is_accepted(request: &HeaderMap) -> bool {
    elements(request, header::ACCEPT_ENCODING).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().strip_prefix("q=");
        let refused = weight.is_some_and(|weight| weight.parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}
