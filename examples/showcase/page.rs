//! The page, which speaks to every channel by the client that is served beside the document.

use axum::{
    Router,
    http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    response::{Html, IntoResponse},
    routing::{MethodRouter, get},
};

/// Nothing but the page's own files, and its own sockets.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; base-uri 'none'";

pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/", get(index))
        .route("/page/style.css", style(include_str!("page/style.css")))
        .route("/page/main.js", script(include_str!("page/main.js")))
        .route("/page/card.js", script(include_str!("page/card.js")))
        .route("/page/cards.js", script(include_str!("page/cards.js")))
        .route("/page/dom.js", script(include_str!("page/dom.js")))
        .route("/page/form.js", script(include_str!("page/form.js")))
        .route("/page/poster.js", script(include_str!("page/poster.js")))
}

async fn index() -> impl IntoResponse {
    let policy = [(CONTENT_SECURITY_POLICY, POLICY)];
    (policy, Html(include_str!("page/index.html")))
}

fn style<S: Clone + Send + Sync + 'static>(text: &'static str) -> MethodRouter<S> {
    file("text/css", text)
}

fn script<S: Clone + Send + Sync + 'static>(text: &'static str) -> MethodRouter<S> {
    file("text/javascript", text)
}

fn file<S: Clone + Send + Sync + 'static>(
    kind: &'static str,
    text: &'static str,
) -> MethodRouter<S> {
    get(async move || ([(CONTENT_TYPE, kind)], text))
}
