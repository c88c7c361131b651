//! Requests to a router, and the document as its readers see it.

use std::io::Read;

use axum::{
    Router,
    body::{Body, to_bytes},
};
use chanx::asyncapi::Document;
use flate2::read::GzDecoder;
use http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

/// A server's answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    /// The bytes of the body as it was sent.
    pub(crate) length: usize,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

/// Asks a router for a path at `localhost:8000`.
pub(crate) async fn get(router: &Router, path: &str) -> Answer {
    ask(router, path, &[("host", "localhost:8000")]).await
}

pub(crate) async fn ask(router: &Router, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let encoding = parts.headers.get("content-encoding");
    let mut text = String::new();
    match encoding.map(|encoding| encoding.to_str().unwrap()) {
        Some("gzip") => GzDecoder::new(&*body).read_to_string(&mut text),
        _ => (&*body).read_to_string(&mut text),
    }
    .unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: text,
        length: body.len(),
    }
}

/// A document as its readers see it.
pub(crate) fn read(document: &Document) -> Value {
    serde_json::from_str(&document.to_json()).unwrap()
}
