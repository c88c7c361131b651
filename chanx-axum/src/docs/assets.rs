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

/// A file of the page, as text.
macro_rules! asset {
    ($name:literal) => {
        include_str!(concat!("../../assets/asyncapi/", $name))
    };
}

/// A file that the page loads.
macro_rules! file {
    ($name:literal, $content_type:ident) => {
        ($name, $content_type, asset!($name))
    };
}

const PAGE: &str = asset!("index.html");
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// A file of the page, by its name.
type File = (&'static str, &'static str, &'static str);

const FILES: &[File] = &[
    file!("style.css", STYLE),
    file!("composer.js", SCRIPT),
    file!("connection.js", SCRIPT),
    file!("console.js", SCRIPT),
    file!("document.js", SCRIPT),
    file!("dom.js", SCRIPT),
    file!("form.js", SCRIPT),
    file!("fresh.js", SCRIPT),
    file!("handshake.js", SCRIPT),
    file!("json.js", SCRIPT),
    file!("log.js", SCRIPT),
    file!("main.js", SCRIPT),
    file!("markdown.js", SCRIPT),
    file!("navigation.js", SCRIPT),
    file!("number.js", SCRIPT),
    file!("panel.js", SCRIPT),
    file!("reference.js", SCRIPT),
    file!("schema.js", SCRIPT),
    file!("search.js", SCRIPT),
    file!("table.js", SCRIPT),
    file!("theme.js", SCRIPT),
    file!("topic.js", SCRIPT),
    file!("validator.js", SCRIPT),
];

/// The routes of a page that shows the document at `json`, and offers the client's file.
pub(super) fn routes<S>(page: &str, json: &str, client: Option<&str>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let assets = format!("{}/assets", page.trim_end_matches('/'));
    let html = PAGE
        .replace("{{assets}}", &escaped(&link::relative(page, &assets)))
        .replace("{{document}}", &escaped(&link::relative(page, json)))
        .replace(
            "{{client}}",
            &client.map_or_else(String::new, |file| offer(page, file)),
        );
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

/// A link to the client's file.
fn offer(page: &str, file: &str) -> String {
    let file = escaped(&link::relative(page, file));
    format!(r#"<br><a href="{file}" download>TypeScript client</a>"#)
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
