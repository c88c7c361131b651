//! A client of the channels, served beside their document.

use std::sync::Arc;

use axum::{Router, routing::get};
use chanx_typescript::Client;
use http::HeaderMap;

use super::served::Served;

/// The routes of a client's files, in a folder.
pub(super) fn routes<S>(folder: &str, client: &Client) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let typescript = "text/typescript; charset=utf-8";
    let files = [
        ("client.ts", typescript, client.typescript()),
        ("client.d.ts", typescript, client.declarations()),
        (
            "client.js",
            "text/javascript; charset=utf-8",
            client.javascript(),
        ),
    ];
    files
        .into_iter()
        .fold(Router::new(), |router, (name, kind, text)| {
            let file = Arc::new(Served::new(text, kind));
            let answer = async move |headers: HeaderMap| file.answer(&headers);
            router.route(&format!("{folder}/{name}"), get(answer))
        })
}
