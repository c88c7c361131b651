//! The time that a handshake may take.

use std::{convert::Infallible, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts, Path, Request},
    http::{StatusCode, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use chanx::{
    AuthenticationFrames, ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Ping, Pong,
    Rejection, channel,
};
use chanx_testing::{Builder, Communicator};
use futures_util::stream;
use tokio::time::{Instant, sleep};

/// Takes so many milliseconds to decide.
#[derive(Debug, Consumer)]
struct Hesitant;

impl Connect for Hesitant {
    type Handshake = Path<u64>;

    async fn connect(Path(millis): Path<u64>) -> Result<Self, Rejection> {
        sleep(Duration::from_millis(millis)).await;
        Ok(Self)
    }
}

#[channel(name = "hesitant")]
impl Hesitant {
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }
}

/// Is refused by a response whose body never ends.
#[derive(Debug, Consumer)]
struct Mumbling;

impl<S: Sync> FromRequestParts<S> for Mumbling {
    type Rejection = Response;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Response> {
        let endless = stream::pending::<Result<Bytes, Infallible>>();
        Err((StatusCode::FORBIDDEN, Body::from_stream(endless)).into_response())
    }
}

impl Connect for Mumbling {
    type Handshake = Self;

    async fn connect(handshake: Self) -> Result<Self, Rejection> {
        Ok(handshake)
    }
}

#[channel(name = "mumbling")]
impl Mumbling {}

fn app(options: ChannelOptions) -> Router {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Hesitant>("/{millis}")
        .max_connections(1)
        .options(options);
    channels.into()
}

/// Holds each response back.
fn delayed(app: Router, seconds: u64) -> Router {
    let delay = move |request: Request, next: Next| async move {
        let response = next.run(request).await;
        sleep(Duration::from_secs(seconds)).await;
        response
    };
    app.layer(middleware::from_fn(delay))
}

fn door(app: &Router, millis: u64) -> Builder<Hesitant> {
    Communicator::builder(app, &format!("/{millis}"))
}

#[tokio::test(start_paused = true)]
async fn a_handshake_may_take_ten_seconds_by_default() {
    let app = app(ChannelOptions::default());

    let began = Instant::now();
    let refused = door(&app, 10_001).connect_or_refused().await.unwrap_err();
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        refused.detail().as_deref(),
        Some("the handshake took too long")
    );
    assert_eq!(began.elapsed().as_secs(), 10);

    door(&app, 9_999).connect().await;
}

#[tokio::test(start_paused = true)]
async fn a_handshake_may_take_as_long_as_said() {
    let app = app(ChannelOptions::default().handshake_timeout(Duration::from_secs(1)));

    let refused = door(&app, 1001).connect_or_refused().await.unwrap_err();
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);

    door(&app, 999).connect().await;
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_takes_too_long_is_told_in_a_frame_where_refusals_are() {
    let app = app(ChannelOptions::default().authentication_frames(AuthenticationFrames::OnRefusal));

    let mut client = door(&app, 20_000).connect().await;

    let refusal = client.expect_refused(503).await;
    assert_eq!(
        refusal.payload()["data"]["detail"],
        "the handshake took too long"
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_at_the_deadline_has_time_of_its_own() {
    let options = ChannelOptions::default().authentication_frames(AuthenticationFrames::OnRefusal);
    let app = delayed(app(options), 1);

    let mut client = door(&app, 20_000).connect().await;

    client.expect_refused(503).await;
}

#[tokio::test(start_paused = true)]
async fn a_refusal_whose_upgrade_comes_too_late_gives_its_place_back() {
    let options = ChannelOptions::default().authentication_frames(AuthenticationFrames::OnRefusal);
    let app = app(options.close_timeout(Duration::from_secs(10)));
    let late = delayed(app.clone(), 11);

    let mut client = door(&late, 20_000).connect().await;

    assert_eq!(client.closed().await.code, 1006);
    door(&app, 0).connect().await;
}

#[tokio::test(start_paused = true)]
async fn a_refusal_whose_body_takes_too_long_is_told_in_a_frame_too() {
    let options = ChannelOptions::default().authentication_frames(AuthenticationFrames::OnRefusal);
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Mumbling>("/")
        .options(options);

    let mut client = Communicator::<Mumbling>::connect(&channels.into(), "/").await;

    client.expect_refused(503).await;
}

#[tokio::test(start_paused = true)]
async fn a_response_that_is_swallowed_gives_its_place_back_at_the_deadline() {
    async fn swallow(request: Request, next: Next) -> Response {
        let swallows = request.headers().contains_key("x-swallow");
        let response = next.run(request).await;
        if swallows {
            // A middleware that keeps responses for later does this.
            tokio::spawn(async move {
                sleep(Duration::from_secs(3600)).await;
                drop(response);
            });
            return StatusCode::BAD_GATEWAY.into_response();
        }
        response
    }
    let app = app(ChannelOptions::default()).layer(middleware::from_fn(swallow));
    let swallowed = door(&app, 0)
        .header("x-swallow", "1")
        .connect_or_refused()
        .await;
    assert_eq!(swallowed.unwrap_err().status, StatusCode::BAD_GATEWAY);

    tokio::time::advance(Duration::from_secs(11)).await;
    tokio::task::yield_now().await;

    door(&app, 0).connect().await;
}

#[tokio::test(start_paused = true)]
async fn an_upgrade_that_comes_behind_the_deadline_is_closed() {
    let app = delayed(app(ChannelOptions::default()), 11);

    let mut client = door(&app, 0).connect().await;

    assert_eq!(client.closed().await.code, 1006);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_gives_up_cancels_its_handshake_and_gives_its_place_back() {
    let app = app(ChannelOptions::default());

    let door_to = door(&app, 9_000).connect_or_refused();
    let given_up = tokio::time::timeout(Duration::from_secs(1), door_to).await;
    assert!(given_up.is_err());

    door(&app, 0).connect().await.request::<Pong>(&Ping).await;
}
