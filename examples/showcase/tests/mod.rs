//! The application as its clients meet it, in memory and over a real port.

mod analytics;
mod chat;
mod document;
mod events;
mod jobs;
mod notifications;
mod page;
mod reliable;
mod room;
mod server;
mod system;
mod topics;

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header::CONTENT_TYPE},
};
use chanx::{ChannelLayer, ChannelOptions};
use serde_json::Value;
use tower::ServiceExt;

use crate::app::App;

/// The application as the server has it, with a layer of its own.
fn app() -> Router {
    App::new(ChannelLayer::new(), ChannelOptions::default()).router
}

/// Posts an event to a channel; gives the status and the body.
async fn post_event(app: &Router, channel: &str, event: Value) -> (StatusCode, Value) {
    let request = Request::post(format!("/events/{channel}"))
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(event.to_string()))
        .expect("the request is well-formed");
    answer(app, request).await
}

/// Gives the status and the body of an answer; null where it is not JSON.
async fn answer(app: &Router, request: Request<Body>) -> (StatusCode, Value) {
    let response = app.clone().oneshot(request).await;
    let response = response.expect("a router always answers");
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
    let body = body.expect("the body is in memory");
    (status, serde_json::from_slice(&body).unwrap_or_default())
}
