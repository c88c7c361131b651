//! The page, and the files it loads: embedded, so that it needs no other host.

use std::sync::Arc;

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{link, served::Served};

/// The page runs its own files, connects to WebSockets and does nothing else.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
);

const PAGE: &str = include_str!("page/index.html");
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// A file of the page, by its name.
type File = (&'static str, &'static str, &'static str);

const FILES: &[File] = &[
    ("style.css", STYLE, include_str!("page/style.css")),
    ("composer.js", SCRIPT, include_str!("page/composer.js")),
    ("connection.js", SCRIPT, include_str!("page/connection.js")),
    ("console.js", SCRIPT, include_str!("page/console.js")),
    ("document.js", SCRIPT, include_str!("page/document.js")),
    ("dom.js", SCRIPT, include_str!("page/dom.js")),
    ("form.js", SCRIPT, include_str!("page/form.js")),
    ("handshake.js", SCRIPT, include_str!("page/handshake.js")),
    ("json.js", SCRIPT, include_str!("page/json.js")),
    ("log.js", SCRIPT, include_str!("page/log.js")),
    ("main.js", SCRIPT, include_str!("page/main.js")),
    ("markdown.js", SCRIPT, include_str!("page/markdown.js")),
    ("navigation.js", SCRIPT, include_str!("page/navigation.js")),
    ("reference.js", SCRIPT, include_str!("page/reference.js")),
    ("schema.js", SCRIPT, include_str!("page/schema.js")),
    ("search.js", SCRIPT, include_str!("page/search.js")),
    ("table.js", SCRIPT, include_str!("page/table.js")),
    ("theme.js", SCRIPT, include_str!("page/theme.js")),
    ("validator.js", SCRIPT, include_str!("page/validator.js")),
];

/// The routes of a page that shows the document at `json`.
pub(super) fn routes<S>(page: &str, json: &str) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let assets = format!("{}/assets", page.trim_end_matches('/'));
    let html = PAGE
        .replace("{{assets}}", &escaped(&link::relative(page, &assets)))
        .replace("{{document}}", &escaped(&link::relative(page, json)));
    let html = Arc::new(Served::new(html, "text/html; charset=utf-8"));
    let files: Arc<[_]> = FILES
        .iter()
        .map(|(name, content_type, content)| (*name, Served::new(*content, content_type)))
        .collect();
    Router::new()
        .route(
            page,
            get(async move |headers: HeaderMap| protected(html.answer(&headers))),
        )
        .route(
            &format!("{assets}/{{file}}"),
            get(async move |Path(name): Path<String>, headers: HeaderMap| {
                let file = files.iter().find(|(known, _)| *known == name);
                file.map_or_else(
                    || StatusCode::NOT_FOUND.into_response(),
                    |(_, file)| protected(file.answer(&headers)),
                )
            }),
        )
}

fn protected(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    response
}

/// Text as it may stand in an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
