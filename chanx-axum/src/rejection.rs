//! Refusals as HTTP responses.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use chanx_core::Rejection;
use http::{StatusCode, header};

/// A refusal with the body `{"detail": "…"}`.
pub(crate) fn refuse(rejection: &Rejection) -> Response {
    let body = serde_json::json!({ "detail": rejection.detail() }).to_string();
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (rejection.status(), headers, Body::from(body)).into_response()
}

/// What is asked of a client that did not ask for a WebSocket (RFC 9110 §15.5.22).
pub(crate) fn upgrade_required() -> Response {
    let rejection = Rejection::new(
        StatusCode::UPGRADE_REQUIRED,
        "this address speaks WebSocket",
    );
    let headers = [
        (header::UPGRADE, "websocket"),
        (header::CONNECTION, "upgrade"),
        (header::SEC_WEBSOCKET_VERSION, "13"),
    ];
    (headers, refuse(&rejection)).into_response()
}
