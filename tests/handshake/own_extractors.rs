//! Refusals of an application's own extractors.

use axum::{
    Router,
    extract::{Extension, FromRequestParts, Path, Query},
    http::{StatusCode, request::Parts},
    response::IntoResponse,
};
use chanx::{
    AuthenticationFrames, Bearer, ChannelLayer, ChannelOptions, Channels, Connect, Consumer,
    Rejection, RejectionResponse, channel,
};
use chanx_testing::{Builder, Communicator};
use serde_json::json;

/// Who is asking, proven.
#[derive(Debug)]
struct Member;

impl<S: Send + Sync> FromRequestParts<S> for Member {
    type Rejection = RejectionResponse;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let token = Bearer::from_request_parts(parts, state).await?;
        match token.as_str() {
            "sesame" => Ok(Self),
            _ => Err(Rejection::forbidden("wrong word").into()),
        }
    }
}

#[derive(Debug, Consumer)]
struct Cave;

impl Connect for Cave {
    type Handshake = Member;

    async fn connect(_: Member) -> Result<Self, Rejection> {
        Ok(Self)
    }
}

#[channel(name = "cave")]
impl Cave {}

/// The number of a room, and who may enter it.
#[derive(Debug)]
struct Numbered(u8);

#[derive(Debug, Clone)]
struct Floor(u8);

impl<S: Send + Sync> FromRequestParts<S> for Numbered {
    type Rejection = RejectionResponse;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Path(room) = Path::<u8>::from_request_parts(parts, state).await?;
        let Extension(Floor(floor)) = Extension::from_request_parts(parts, state).await?;
        let Query(()) = Query::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        Ok(Self(floor + room))
    }
}

#[derive(Debug, Consumer)]
struct Hotel;

impl Connect for Hotel {
    type Handshake = Numbered;

    async fn connect(Numbered(room): Numbered) -> Result<Self, Rejection> {
        assert_eq!(room, 107);
        Ok(Self)
    }
}

#[channel(name = "hotel")]
impl Hotel {}

#[tokio::test(start_paused = true)]
async fn what_path_and_extension_refuse_with_is_handed_on() {
    let channels: Channels = Channels::new(ChannelLayer::new()).route::<Hotel>("/rooms/{room}");
    let without_floors = Router::from(channels);
    let app = without_floors.clone().layer(Extension(Floor(100)));

    Communicator::<Hotel>::connect(&app, "/rooms/7").await;
    let refused =
        |app: &Router, path: &str| Communicator::<Hotel>::builder(app, path).connect_or_refused();
    let no_number = refused(&app, "/rooms/attic").await.unwrap_err();
    assert_eq!(no_number.status, StatusCode::BAD_REQUEST);
    let no_floor = refused(&without_floors, "/rooms/7").await.unwrap_err();
    assert_eq!(no_floor.status, StatusCode::INTERNAL_SERVER_ERROR);
}

fn door(frames: AuthenticationFrames) -> Builder<Cave> {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Cave>("/cave")
        .options(ChannelOptions::default().authentication_frames(frames));
    Communicator::builder(&Router::from(channels), "/cave")
}

#[tokio::test(start_paused = true)]
async fn it_refuses_in_the_form_that_connect_does() {
    let door = door(AuthenticationFrames::Off).bearer("barley");

    let refused = door.connect_or_refused().await.unwrap_err();

    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.headers["content-type"], "application/json");
    assert_eq!(refused.text(), json!({"detail": "wrong word"}).to_string());
}

#[tokio::test(start_paused = true)]
async fn its_detail_is_told_in_a_frame_where_refusals_are() {
    let door = door(AuthenticationFrames::OnRefusal).bearer("barley");

    let refusal = door.connect().await.expect_refused(403).await;

    assert_eq!(refusal.payload()["data"]["detail"], "wrong word");
}

#[tokio::test(start_paused = true)]
async fn it_passes_on_what_another_extractor_refuses_with() {
    let refused = door(AuthenticationFrames::Off).connect_or_refused().await;

    let refused = refused.unwrap_err();
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refused.headers["www-authenticate"], "Bearer");
    assert_eq!(
        refused.detail().as_deref(),
        Some("a bearer token is required")
    );
}

#[tokio::test(start_paused = true)]
async fn it_lets_in_whom_it_knows() {
    let door = door(AuthenticationFrames::Off).bearer("sesame");

    door.connect().await;
}
