//! Facts about a request, read in the same way wherever they are asked for.

use std::vec;

use axum::extract::OriginalUri;
use http::{HeaderMap, HeaderName, Uri, request::Parts};

/// The URI as the client sent it, whatever `nest` has taken from it.
pub(crate) fn uri(request: &Parts) -> &Uri {
    let original = request.extensions.get();
    original.map_or(&request.uri, |OriginalUri(uri)| uri)
}

/// The elements of a header that is a list, over all its lines (RFC 9110 §5.6.1).
///
/// Collected, because adapters of this depth would be compiled anew for each use.
pub(crate) fn elements(headers: &HeaderMap, name: HeaderName) -> vec::IntoIter<&str> {
    let mut elements = Vec::new();
    for line in headers.get_all(name) {
        let line = line.to_str().unwrap_or_default();
        let parts = line.split(',').map(str::trim);
        elements.extend(parts.filter(|element| !element.is_empty()));
    }
    elements.into_iter()
}
