//! Refusals as HTTP responses.

use axum::{
    body::{Body, to_bytes},
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

/// How much of a refusal's body is read for its detail.
const DETAIL_BYTES: usize = 4 * 1024;

/// What a refusing response says: its status, and the `detail` of a JSON body
/// or else what the status is called.
pub(crate) async fn rejection_of(response: Response) -> Rejection {
    #[derive(serde::Deserialize)]
    struct Detail {
        detail: String,
    }

    let status = response.status();
    let body = to_bytes(response.into_body(), DETAIL_BYTES).await;
    let detail = body
        .ok()
        .and_then(|body| serde_json::from_slice::<Detail>(&body).ok());
    match detail {
        Some(Detail { detail }) => Rejection::new(status, detail),
        None => Rejection::new(status, status.canonical_reason().unwrap_or("Refused")),
    }
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
