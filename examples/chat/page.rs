//! The page, which speaks to the channel by the client that is served beside the document.

use axum::{
    Router,
    http::header::CONTENT_TYPE,
    response::{Html, IntoResponse, Redirect},
    routing::get,
};

pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/", get(async || Redirect::to("/room/lobby")))
        .route(
            "/room/{room}",
            get(async || Html(include_str!("index.html"))),
        )
        .route(
            "/chat.css",
            get(async || file("text/css", include_str!("chat.css"))),
        )
        .route(
            "/chat.js",
            get(async || file("text/javascript", include_str!("chat.js"))),
        )
}

fn file(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, kind)], text)
}
