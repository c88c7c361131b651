//! P16: a refused handshake is answered with an HTTP response.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Json, Router,
    extract::{FromRequestParts, Path},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use chanx::{ChannelLayer, Channels, Connect, Consumer, Ping, Pong, Rejection, channel};
use chanx_testing::{Communicator, Refused};
use serde_json::json;

use crate::raw::{self, UPGRADE};

/// Refuses clients without a ticket, by a response of its own.
#[derive(Debug)]
struct Ticket;

impl FromRequestParts<Visits> for Ticket {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, visits: &Visits) -> Result<Self, Response> {
        visits.extractors.fetch_add(1, Ordering::SeqCst);
        if parts.headers.contains_key("x-ticket") {
            return Ok(Self);
        }
        let body = Json(json!({"error": "no ticket"}));
        Err((StatusCode::PAYMENT_REQUIRED, [("x-price", "5")], body).into_response())
    }
}

/// The number of handshakes that came this far.
#[derive(Debug, Clone, Default)]
struct Visits {
    extractors: Arc<AtomicUsize>,
    connects: Arc<AtomicUsize>,
}

impl FromRequestParts<Self> for Visits {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(_: &mut Parts, visits: &Self) -> Result<Self, Self::Rejection> {
        Ok(visits.clone())
    }
}

#[derive(Debug, Consumer)]
struct Show;

impl Connect for Show {
    type Handshake = (Ticket, Visits, Path<u32>);

    async fn connect((_, visits, Path(seat)): Self::Handshake) -> Result<Self, Rejection> {
        visits.connects.fetch_add(1, Ordering::SeqCst);
        match seat {
            401 => Err(Rejection::unauthorized("who are you")),
            403 => Err(Rejection::forbidden("not for you")),
            404 => Err(Rejection::not_found("no such seat")),
            503 => Err(Rejection::new(StatusCode::SERVICE_UNAVAILABLE, "full")
                .with_header(header::RETRY_AFTER, 30)
                .with_header(header::SET_COOKIE, HeaderValue::from_static("a=1"))
                .with_header(header::SET_COOKIE, HeaderValue::from_static("b=2"))
                .with_header(header::CONTENT_TYPE, HeaderValue::from_static("text/html"))),
            409 => Err(Rejection::new(StatusCode::CONFLICT, "seat taken")),
            _ => Ok(Self),
        }
    }
}

#[channel(name = "show")]
impl Show {
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }
}

fn show() -> (Router, Visits) {
    let visits = Visits::default();
    let channels = channels();
    (
        Router::new().merge(channels).with_state(visits.clone()),
        visits,
    )
}

fn channels() -> Channels<Visits> {
    Channels::new(ChannelLayer::new()).route::<Show>("/show/{seat}")
}

async fn refused(app: &Router, seat: &str, ticket: bool) -> Refused {
    let mut builder = Communicator::<Show>::builder(app, &format!("/show/{seat}"));
    if ticket {
        builder = builder.header("x-ticket", "1");
    }
    builder.connect_or_refused().await.unwrap_err()
}

#[tokio::test]
async fn p16_a_refusal_has_the_headers_that_it_was_given_and_a_body_of_json() {
    let (app, _) = show();

    let refused = refused(&app, "503", true).await;

    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.detail().as_deref(), Some("full"));
    assert_eq!(refused.headers[header::RETRY_AFTER], "30");
    let cookies: Vec<_> = refused.headers.get_all(header::SET_COOKIE).iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    let types: Vec<_> = refused
        .headers
        .get_all(header::CONTENT_TYPE)
        .iter()
        .collect();
    assert_eq!(types, ["application/json"]);
}

#[tokio::test]
async fn p16_an_extractor_refuses_with_its_own_response() {
    let (app, visits) = show();

    let refused = refused(&app, "1", false).await;

    assert_eq!(refused.status, StatusCode::PAYMENT_REQUIRED);
    assert_eq!(refused.headers["x-price"], "5");
    assert_eq!(refused.text(), r#"{"error":"no ticket"}"#);
    assert_eq!(visits.connects.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn p16_an_extractor_of_axum_refuses_with_its_own_response() {
    let (app, _) = show();

    assert_eq!(
        refused(&app, "front", true).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn p16_connect_refuses_with_a_status_and_a_detail() {
    let (app, _) = show();

    for (seat, detail) in [
        (401, "who are you"),
        (403, "not for you"),
        (404, "no such seat"),
        (409, "seat taken"),
    ] {
        let refused = refused(&app, &seat.to_string(), true).await;

        assert_eq!(refused.status, seat);
        assert_eq!(refused.headers["content-type"], "application/json");
        assert_eq!(refused.text(), json!({"detail": detail}).to_string());
    }
}

#[tokio::test]
async fn p16_a_plain_get_is_told_to_upgrade() {
    let (app, visits) = show();

    let response = raw::get(app, "/show/1", "x-ticket: 1\r\n").await;

    assert_eq!(response.status, 426);
    assert!(response.head.contains("\r\nupgrade: websocket"));
    assert!(response.head.contains("\r\nconnection: upgrade"));
    assert!(response.head.contains("\r\nsec-websocket-version: 13"));
    assert_eq!(
        response.body,
        r#"{"detail":"this address speaks WebSocket"}"#
    );
    assert_eq!(visits.extractors.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn p16_each_header_that_asks_for_a_websocket_is_needed() {
    for header in [
        "connection",
        "upgrade",
        "sec-websocket-version",
        "sec-websocket-key",
    ] {
        let headers: String = UPGRADE
            .split_inclusive("\r\n")
            .filter(|line| !line.starts_with(&format!("{header}:")))
            .collect();

        let response = raw::get(show().0, "/show/1", &headers).await;

        assert_eq!(response.status, 426, "without {header}");
    }
}

#[tokio::test]
async fn p16_another_version_of_websocket_is_refused() {
    let headers = UPGRADE.replace("version: 13", "version: 8");

    let response = raw::get(show().0, "/show/1", &headers).await;

    assert_eq!(response.status, 426);
    assert!(response.head.contains("\r\nsec-websocket-version: 13"));
}

#[tokio::test]
async fn p16_a_post_is_told_to_upgrade() {
    let response = raw::request(show().0, "POST /show/1", UPGRADE).await;

    assert_eq!(response.status, 426);
}

#[tokio::test]
async fn p16_connection_may_hold_other_words_beside_upgrade() {
    let headers = UPGRADE.replace("connection: upgrade", "connection: keep-alive, Upgrade");

    let response = raw::get(show().0, "/show/1", &format!("{headers}x-ticket: 1\r\n")).await;

    assert_eq!(response.status, 101);
}

#[tokio::test]
async fn p16_connection_and_upgrade_may_stand_on_several_lines() {
    let headers = UPGRADE
        .replace(
            "connection: upgrade",
            "connection: keep-alive\r\nconnection: , UPGRADE",
        )
        .replace(
            "upgrade: websocket",
            "upgrade: h2c\r\nupgrade: foo, WebSocket",
        );

    let response = raw::get(show().0, "/show/1", &format!("{headers}x-ticket: 1\r\n")).await;

    assert_eq!(response.status, 101);
    assert!(response.head.contains("\r\nupgrade: websocket"));
    assert!(response.head.contains("\r\nconnection: upgrade"));
    let accept = "\r\nsec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=";
    assert!(response.head.contains(accept), "{}", response.head);
}

#[tokio::test]
async fn p16_a_word_that_only_holds_upgrade_is_none() {
    for (header, value) in [
        ("connection: upgrade", "connection: no-upgrade"),
        ("upgrade: websocket", "upgrade: websockets"),
        ("upgrade: websocket", "upgrade: h2c"),
    ] {
        let headers = UPGRADE.replace(header, value);

        let response = raw::get(show().0, "/show/1", &headers).await;

        assert_eq!(response.status, 426, "{value}");
    }
}

#[tokio::test]
async fn p16_a_key_that_is_not_sixteen_bytes_in_base64_is_a_bad_request() {
    let key = "dGhlIHNhbXBsZSBub25jZQ==";
    let line = format!("sec-websocket-key: {key}\r\n");
    for bad in [
        "sec-websocket-key: abc\r\n".to_owned(),
        "sec-websocket-key:\r\n".to_owned(),
        format!("sec-websocket-key: {}\r\n", key.trim_end_matches('=')),
        format!("sec-websocket-key: {key}=\r\n"),
        format!("sec-websocket-key: {}\r\n", key.replace('G', "-")),
        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZSE=\r\n".to_owned(),
        "sec-websocket-key: dGhlIHNhbXBsZSBub2==\r\n".to_owned(),
        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQZQ==\r\n".to_owned(),
        format!("{line}{line}"),
        format!("sec-websocket-key: {key}, {key}\r\n"),
    ] {
        let (app, visits) = show();
        let headers = UPGRADE.replace(&line, &bad);

        let response = raw::get(app, "/show/1", &format!("{headers}x-ticket: 1\r\n")).await;

        assert_eq!(response.status, 400, "{bad}");
        assert_eq!(
            response.body,
            r#"{"detail":"Sec-WebSocket-Key is 16 bytes in base64"}"#
        );
        assert_eq!(visits.extractors.load(Ordering::SeqCst), 0);
    }
}

#[tokio::test]
async fn p16_a_version_among_others_is_not_told_apart() {
    for versions in [
        "sec-websocket-version: 13\r\nsec-websocket-version: 8",
        "sec-websocket-version: 13, 8",
        "sec-websocket-version: 013",
    ] {
        let headers = UPGRADE.replace("sec-websocket-version: 13", versions);

        let response = raw::get(show().0, "/show/1", &headers).await;

        assert_eq!(response.status, 426, "{versions}");
        assert!(response.head.contains("\r\nsec-websocket-version: 13"));
    }
}

#[tokio::test]
async fn p16_another_path_is_not_found() {
    let (app, _) = show();
    let refused = Communicator::<Show>::builder(&app, "/elsewhere")
        .connect_or_refused()
        .await
        .unwrap_err();

    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}

#[tokio::test(start_paused = true)]
async fn p16_a_server_that_shuts_down_refuses_with_503() {
    let channels = channels();
    let control = channels.control();
    let app = Router::new().merge(channels).with_state(Visits::default());

    control.shutdown().await;

    let refused = refused(&app, "1", true).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        refused.detail().as_deref(),
        Some("the server is shutting down")
    );
}

#[tokio::test]
async fn checks_go_from_upgrade_to_origin_to_limits_to_extractors_to_connect() {
    let visits = Visits::default();
    let channels = channels().max_connections(1);
    let app = Router::new().merge(channels).with_state(visits.clone());
    let seat = |number: u32| Communicator::<Show>::builder(&app, &format!("/show/{number}"));
    let foreign = "origin: https://evil.example\r\n";

    let mut first = seat(1).header("x-ticket", "1").connect().await;
    assert_eq!(first.request::<Pong>(&Ping).await, Pong);

    let plain = raw::get(app.clone(), "/show/401", foreign).await;
    assert_eq!(plain.status, 426);
    let evil = seat(401).header("origin", "https://evil.example");
    assert_eq!(evil.connect_or_refused().await.unwrap_err().status, 403);
    assert_eq!(
        seat(401).connect_or_refused().await.unwrap_err().status,
        503
    );
    assert_eq!(visits.extractors.load(Ordering::SeqCst), 1);

    first.close(1000).await;
    assert_eq!(
        seat(401).connect_or_refused().await.unwrap_err().status,
        402
    );
    assert_eq!(visits.connects.load(Ordering::SeqCst), 1);
    let unknown = seat(401).header("x-ticket", "1");
    assert_eq!(unknown.connect_or_refused().await.unwrap_err().status, 401);
}
