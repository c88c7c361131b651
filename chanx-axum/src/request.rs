//! Facts about a request, read in the same way wherever they are asked for.

use axum::extract::OriginalUri;
use http::{HeaderMap, HeaderName, Uri, request::Parts};

/// The URI as the client sent it, whatever `nest` has taken from it.
pub(crate) fn uri(request: &Parts) -> &Uri {
    let original = request.extensions.get();
    original.map_or(&request.uri, |OriginalUri(uri)| uri)
}

/// The elements of a header that is a list, over all its lines (RFC 9110 §5.6.1).
///
/// Boxed, because so many adapters would be compiled anew for each use.
pub(crate) fn elements<'a>(
    headers: &'a HeaderMap,
    name: HeaderName,
) -> Box<dyn Iterator<Item = &'a str> + 'a> {
    let lines = headers.get_all(name).into_iter();
    let elements = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|element| !element.is_empty());
    Box::new(elements)
}
