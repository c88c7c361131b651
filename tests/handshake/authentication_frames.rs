//! P17: the outcome of the handshake, told by a frame.

use axum::{
    Json, Router,
    extract::{FromRequestParts, Path},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use chanx::{
    AuthenticationFrames, Broadcaster, ChannelLayer, ChannelOptions, Channels, Connect, Consumer,
    Context, HandlerError, Message, Rejection, UserKey, channel,
};
use chanx_testing::{Builder, Communicator, Refused};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Greeting;

/// Answers as the header `x-answer` says.
#[derive(Debug)]
struct Turnstile;

impl<S: Send + Sync> FromRequestParts<S> for Turnstile {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let answer = parts.headers.get("x-answer").map(|answer| answer.to_str());
        Err(match answer.transpose().unwrap() {
            None => return Ok(Self),
            Some("detail") => {
                let body = Json(json!({"detail": "no ticket", "price": 5}));
                (StatusCode::PAYMENT_REQUIRED, body).into_response()
            }
            Some(body) if body.starts_with('{') => {
                (StatusCode::FORBIDDEN, body.to_owned()).into_response()
            }
            Some("text") => (StatusCode::FORBIDDEN, "go away").into_response(),
            Some("empty") => StatusCode::UNAUTHORIZED.into_response(),
            Some("escaped") => {
                let detail = r"\ud83d\ude00".repeat(1000);
                (StatusCode::FORBIDDEN, format!(r#"{{"detail":"{detail}"}}"#)).into_response()
            }
            Some("wide") => {
                let detail = "€".repeat(10_000);
                Json(json!({"code": 7, "detail": detail})).into_response()
            }
            Some("behind") => {
                let body = Json(json!({"detail": "no ticket", "essay": "x".repeat(10_000)}));
                (StatusCode::FORBIDDEN, body).into_response()
            }
            Some(bytes) => {
                // `{"detail":"…"}` around the text.
                let detail = "x".repeat(bytes.parse::<usize>().unwrap() - 13);
                (StatusCode::FORBIDDEN, format!(r#"{{"detail":"{detail}"}}"#)).into_response()
            }
        })
    }
}

#[derive(Debug)]
struct Hall;

impl Connect for Hall {
    type Handshake = (Turnstile, Path<String>);

    async fn connect((_, Path(name)): Self::Handshake) -> Result<Self, Rejection> {
        if name == "eve" {
            return Err(Rejection::forbidden("not you again"));
        }
        Ok(Self)
    }
}

impl Consumer for Hall {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        Broadcaster::<Self>::new(ctx.layer())
            .user("guest")
            .send(Greeting)
            .await?;
        Ok(())
    }

    fn identity(&self) -> Option<UserKey> {
        Some("guest".into())
    }
}

#[channel(name = "hall", sends(Greeting))]
impl Hall {}

fn hall(frames: AuthenticationFrames) -> Router {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .max_connections(2)
        .max_connections_per_user(1)
        .route::<Hall>("/hall/{name}")
        .options(ChannelOptions::default().authentication_frames(frames));
    channels.into()
}

fn door(frames: AuthenticationFrames, name: &str) -> Builder<Hall> {
    Communicator::builder(&hall(frames), &format!("/hall/{name}"))
}

#[tokio::test(start_paused = true)]
async fn p17_a_refusal_comes_before_the_upgrade_by_default() {
    let refused = door(AuthenticationFrames::Off, "eve")
        .connect_or_refused()
        .await;

    assert_eq!(refused.unwrap_err().status, StatusCode::FORBIDDEN);
    assert_eq!(AuthenticationFrames::default(), AuthenticationFrames::Off);
}

#[tokio::test(start_paused = true)]
async fn p17_a_refusal_by_connect_is_a_frame_and_the_close_code_4000_and_status() {
    let mut client = door(AuthenticationFrames::OnRefusal, "eve").connect().await;

    assert_eq!(
        client.receive_json().await,
        json!({
            "action": "authentication",
            "payload": {
                "status_code": 403,
                "status_text": "Forbidden",
                "data": {"detail": "not you again"},
            },
        })
    );
    let closed = client.closed().await;
    assert_eq!(
        (closed.code, closed.reason.as_str()),
        (4403, "not you again")
    );
}

#[tokio::test(start_paused = true)]
async fn p17_a_refusing_extractors_detail_is_taken_from_its_body() {
    let door = door(AuthenticationFrames::OnRefusal, "ann").header("x-answer", "detail");

    let refusal = door.connect().await.expect_refused(402).await;

    assert_eq!(
        *refusal.payload(),
        json!({
            "status_code": 402,
            "status_text": "Payment Required",
            "data": {"detail": "no ticket"},
        })
    );
}

#[tokio::test(start_paused = true)]
async fn p17_where_a_body_has_no_detail_the_status_is_named() {
    for (answer, status, text) in [("text", 403, "Forbidden"), ("empty", 401, "Unauthorized")] {
        let door = door(AuthenticationFrames::OnRefusal, "ann").header("x-answer", answer);

        let refusal = door.connect().await.expect_refused(status).await;

        assert_eq!(refusal.payload()["data"]["detail"], text);
    }
}

async fn detail(answer: &str, status: u16) -> String {
    let door = door(AuthenticationFrames::OnRefusal, "ann").header("x-answer", answer);
    let refusal = door.connect().await.expect_refused(status).await;
    refusal.payload()["data"]["detail"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn refused_by_http(body: &str) -> Refused {
    let door = door(AuthenticationFrames::Off, "ann").header("x-answer", body);
    door.connect_or_refused().await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn p17_what_stands_beside_a_detail_does_not_matter() {
    for (body, expected) in [
        (r#"{"detail": "no ticket", "price": 1e999}"#, "no ticket"),
        (
            r#"{"prices": [-1e999, {"a": 1e400}], "detail": "no ticket"}"#,
            "no ticket",
        ),
        (r#"{"seat": "\ud800", "detail": "no ticket"}"#, "no ticket"),
        (r#"{"detail": 1e999, "detail": "no ticket"}"#, "no ticket"),
        (r#"{"detail": "no \"ticket\" \u20ac"}"#, "no \"ticket\" €"),
        (r#"{"detail": ""}"#, ""),
    ] {
        assert_eq!(detail(body, 403).await, expected, "{body}");
        let refused = refused_by_http(body).await;
        assert_eq!(refused.detail().as_deref(), Some(expected), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn p17_a_detail_that_is_no_text_is_none() {
    for body in [
        r#"{"detail": 1e999}"#,
        r#"{"detail": null}"#,
        r#"{"detail": {"detail": "no ticket"}}"#,
        r#"{"detail": "no ticket", "detail": 7}"#,
        r#"{"detail": "\ud800"}"#,
        r#"{"detail": "no ticket", "price": 1e}"#,
        r#"{"detail": "no ticket""#,
        r#"{"reason": "no ticket"}"#,
    ] {
        assert_eq!(detail(body, 403).await, "Forbidden", "{body}");
        assert_eq!(refused_by_http(body).await.detail(), None, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn p17_a_body_is_read_up_to_4_kib_and_a_longer_detail_is_cut() {
    assert_eq!(detail("4095", 403).await.len(), 4095 - 13);
    assert_eq!(detail("4096", 403).await.len(), 4096 - 13);
    for longer in ["5000", "1000000"] {
        let cut = detail(longer, 403).await;
        assert_eq!(cut, format!("{}…", "x".repeat(4096 - 11)), "{longer}");
    }
}

#[tokio::test(start_paused = true)]
async fn p17_a_detail_is_cut_between_characters() {
    let escaped = detail("escaped", 403).await;
    assert_eq!(
        escaped,
        format!("{}…", "\u{1f600}".repeat((4096 - 11) / 12))
    );
    let wide = detail("wide", 200).await;
    assert_eq!(wide, format!("{}…", "€".repeat((4096 - 20) / 3)));
    assert_eq!(detail("behind", 403).await, "no ticket");
}

#[tokio::test(start_paused = true)]
async fn p17_success_is_not_told_unless_it_is_switched_on() {
    let mut client = door(AuthenticationFrames::OnRefusal, "ann").connect().await;

    assert_eq!(client.receive::<Greeting>().await, Greeting);
}

#[tokio::test(start_paused = true)]
async fn p17_success_is_told_before_anything_else() {
    let mut client = door(AuthenticationFrames::Always, "ann").connect().await;

    assert_eq!(
        client.receive_json().await,
        json!({
            "action": "authentication",
            "payload": {"status_code": 200, "status_text": "OK", "data": {"detail": "OK"}},
        })
    );
    assert_eq!(client.receive::<Greeting>().await, Greeting);
}

#[tokio::test(start_paused = true)]
async fn p17_a_refusal_is_told_too_where_success_is() {
    let mut client = door(AuthenticationFrames::Always, "eve").connect().await;

    client.expect_refused(403).await;
}

#[tokio::test(start_paused = true)]
async fn p17_a_page_of_another_origin_is_refused_before_the_upgrade_all_the_same() {
    let door = door(AuthenticationFrames::Always, "ann");

    let refused = door
        .header("origin", "https://evil.example")
        .connect_or_refused();

    assert_eq!(refused.await.unwrap_err().status, StatusCode::FORBIDDEN);
}

#[tokio::test(start_paused = true)]
async fn p17_a_user_with_too_many_connections_is_told_in_a_frame() {
    let app = hall(AuthenticationFrames::OnRefusal);
    let mut first = Communicator::<Hall>::connect(&app, "/hall/ann").await;
    first.receive::<Greeting>().await;

    let mut second = Communicator::<Hall>::connect(&app, "/hall/ann").await;

    second.expect_refused(429).await;
}

#[tokio::test(start_paused = true)]
async fn p17_connections_that_are_being_refused_take_no_place_of_others() {
    let app = hall(AuthenticationFrames::OnRefusal);
    let mut strangers = Vec::new();
    for _ in 0..5 {
        strangers.push(Communicator::<Hall>::connect(&app, "/hall/eve").await);
    }

    let ann = Communicator::<Hall>::builder(&app, "/hall/ann").connect_or_refused();

    ann.await.unwrap();
    for mut stranger in strangers {
        stranger.expect_refused(403).await;
    }
}

#[tokio::test(start_paused = true)]
async fn p17_where_too_many_are_being_refused_one_more_is_refused_by_http() {
    let app = hall(AuthenticationFrames::OnRefusal);
    let stranger = || Communicator::<Hall>::builder(&app, "/hall/eve").connect_or_refused();
    let mut strangers = Vec::new();
    for _ in 0..256 {
        strangers.push(stranger().await.unwrap());
    }

    let refused = stranger().await.unwrap_err();

    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.detail().as_deref(), Some("not you again"));
    strangers.pop().unwrap().expect_refused(403).await;
    stranger().await.unwrap();
}
