//! How long a handshake may take.

use std::time::Duration;

use axum::{
    Router,
    extract::{Path, Request},
    http::StatusCode,
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use chanx::{
    AuthenticationFrames, Channels, Consumer, Layer, MemoryLayer, Options, Ping, Pong, Rejection,
    channel,
};
use chanx_testing::{Builder, Communicator};
use tokio::time::{Instant, sleep};

/// Takes so many milliseconds to decide.
#[derive(Debug)]
struct Hesitant;

impl Consumer for Hesitant {
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

fn app(options: Options) -> Router {
    let channels: Channels = Channels::new(Layer::from(MemoryLayer::new()))
        .route::<Hesitant>("/{millis}")
        .max_connections(1)
        .options(options);
    channels.into()
}

fn door(app: &Router, millis: u64) -> Builder<Hesitant> {
    Communicator::builder(app, &format!("/{millis}"))
}

#[tokio::test(start_paused = true)]
async fn a_handshake_may_take_ten_seconds_by_default() {
    let app = app(Options::default());

    let began = Instant::now();
    let refused = door(&app, 10_001).try_connect().await.unwrap_err();
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
    let app = app(Options::default().handshake_timeout(Duration::from_secs(1)));

    let refused = door(&app, 1001).try_connect().await.unwrap_err();
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);

    door(&app, 999).connect().await;
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_takes_too_long_is_told_in_a_frame_where_refusals_are() {
    let app = app(Options::default().authentication_frames(AuthenticationFrames::OnRefusal));

    let mut client = door(&app, 20_000).connect().await;

    let refusal = client.expect_refused(503).await;
    assert_eq!(
        refusal.payload()["data"]["detail"],
        "the handshake took too long"
    );
}

#[tokio::test(start_paused = true)]
async fn a_response_that_is_swallowed_gives_its_place_back_at_the_deadline() {
    async fn swallow(request: Request, next: Next) -> Response {
        let swallows = request.headers().contains_key("x-swallow");
        let response = next.run(request).await;
        if swallows {
            // As a middleware does that keeps responses for later.
            tokio::spawn(async move {
                sleep(Duration::from_secs(3600)).await;
                drop(response);
            });
            return StatusCode::BAD_GATEWAY.into_response();
        }
        response
    }
    let app = app(Options::default()).layer(middleware::from_fn(swallow));
    let swallowed = door(&app, 0).header("x-swallow", "1").try_connect().await;
    assert_eq!(swallowed.unwrap_err().status, StatusCode::BAD_GATEWAY);

    tokio::time::advance(Duration::from_secs(11)).await;
    tokio::task::yield_now().await;

    door(&app, 0).connect().await;
}

#[tokio::test(start_paused = true)]
async fn an_upgrade_that_comes_behind_the_deadline_is_closed() {
    async fn delay(request: Request, next: Next) -> Response {
        let response = next.run(request).await;
        sleep(Duration::from_secs(11)).await;
        response
    }
    let app = app(Options::default()).layer(middleware::from_fn(delay));

    let mut client = door(&app, 0).connect().await;

    assert_eq!(client.closed().await.code, 1006);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_gives_up_cancels_its_handshake_and_gives_its_place_back() {
    let app = app(Options::default());

    let door_to = door(&app, 9_000).try_connect();
    let given_up = tokio::time::timeout(Duration::from_secs(1), door_to).await;
    assert!(given_up.is_err());

    door(&app, 0).connect().await.request::<Pong>(&Ping).await;
}
