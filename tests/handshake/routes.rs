//! Channels as routes of an application.

use axum::{
    Extension, Router,
    extract::{Path, Request},
    http::{HeaderValue, StatusCode},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use chanx::{
    Broadcaster, ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Context, HandlerError,
    Message, Rejection, channel,
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Told {
    text: String,
}

/// Tells the parameters of its path, and its request.
#[derive(Debug)]
struct House {
    street: String,
    number: u32,
}

impl Connect for House {
    type Handshake = Path<(String, u32)>;

    async fn connect(Path((street, number)): Self::Handshake) -> Result<Self, Rejection> {
        Ok(Self { street, number })
    }
}

impl Consumer for House {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        let (street, number) = (&self.street, self.number);
        let (path, query) = (ctx.request().path(), ctx.request().query());
        let text = format!(
            "{street} {number} at {path} asked {}",
            query.unwrap_or("nothing")
        );
        ctx.send(Told { text }).await?;
        Ok(())
    }
}

#[channel(name = "house", sends(Told))]
impl House {}

#[derive(Debug, Default, Connect, Consumer)]
struct Hut;

#[channel(name = "hut", groups = ["all"], sends(Told))]
impl Hut {}

/// Says what a middleware has put into the request.
#[derive(Debug)]
struct Mirror {
    seen: String,
}

#[derive(Debug, Clone)]
struct Seen(String);

impl Connect for Mirror {
    type Handshake = Extension<Seen>;

    async fn connect(Extension(Seen(seen)): Self::Handshake) -> Result<Self, Rejection> {
        Ok(Self { seen })
    }
}

impl Consumer for Mirror {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        let text = self.seen.clone();
        ctx.send(Told { text }).await?;
        Ok(())
    }
}

#[channel(name = "mirror", sends(Told))]
impl Mirror {}

mod elsewhere {
    use chanx::{Connect, Consumer, channel};

    /// Another consumer that calls itself by a name that is taken.
    #[derive(Debug, Default, Connect, Consumer)]
    pub(super) struct Cabin;

    #[channel(name = "hut")]
    impl Cabin {}
}

fn channels() -> Channels {
    Channels::new(ChannelLayer::new())
}

fn told(text: &str) -> Told {
    Told { text: text.into() }
}

#[tokio::test]
async fn a_path_has_parameters_as_axum_writes_them() {
    let app = Router::from(channels().route::<House>("/{street}/{number}"));

    let mut house = Communicator::<House>::connect(&app, "/Main%20Street/7?colour=red").await;

    assert_eq!(
        house.receive::<Told>().await,
        told("Main Street 7 at /Main%20Street/7 asked colour=red")
    );
}

#[tokio::test]
async fn channels_may_be_nested_below_a_path() {
    let channels = channels().route::<House>("/{street}/{number}");
    let app = Router::new().nest("/town", channels.into_router());

    let mut house = Communicator::<House>::connect(&app, "/town/high/1").await;

    assert_eq!(
        house.receive::<Told>().await,
        told("high 1 at /town/high/1 asked nothing")
    );
}

#[tokio::test]
async fn channels_stand_beside_other_routes() {
    let app = Router::new()
        .route("/health", get(|| async { "fine" }))
        .merge(channels().route::<Hut>("/hut"));

    Communicator::<Hut>::connect(&app, "/hut").await;
    let health = crate::raw::get(app, "/health", "").await;
    assert_eq!((health.status, health.body.as_str()), (200, "fine"));
}

#[test]
#[should_panic(
    expected = "channel `hut` is routed at `/a` already, so it cannot be at `/b` too: give each \
                consumer one route and a name of its own"
)]
fn one_consumer_at_two_routes_panics() {
    let _ = channels().route::<Hut>("/a").route::<Hut>("/b");
}

#[test]
#[should_panic(expected = "channel `hut` is routed at `/hut` already")]
fn two_consumers_of_one_name_panic() {
    let _ = channels()
        .route::<Hut>("/hut")
        .route::<elsewhere::Cabin>("/cabin");
}

#[tokio::test(start_paused = true)]
async fn two_layers_in_one_application_reach_only_their_own() {
    let (left, right) = (ChannelLayer::new(), ChannelLayer::new());
    let app = Router::new()
        .merge(Channels::new(left.clone()).route::<Hut>("/left"))
        .merge(Channels::new(right).route::<Hut>("/right"));
    let mut on_left = Communicator::<Hut>::connect(&app, "/left").await;
    let mut on_right = Communicator::<Hut>::connect(&app, "/right").await;
    on_left.receive_nothing().await;

    let receipt = Broadcaster::<Hut>::new(&left).broadcast(told("left")).await;

    assert_eq!(receipt.unwrap().reached, 1);
    assert_eq!(on_left.receive::<Told>().await, told("left"));
    on_right.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn two_channels_of_one_layer_are_limited_each_by_itself() {
    let layer = ChannelLayer::new();
    let app = Router::new()
        .merge(
            Channels::new(layer.clone())
                .route::<Hut>("/hut")
                .max_connections(0),
        )
        .merge(Channels::new(layer).route::<House>("/{street}/{number}"));

    let full = Communicator::<Hut>::builder(&app, "/hut")
        .connect_or_refused()
        .await;
    assert_eq!(full.unwrap_err().status, StatusCode::SERVICE_UNAVAILABLE);
    Communicator::<House>::connect(&app, "/high/1").await;
}

#[tokio::test]
async fn options_of_a_route_go_on_from_those_of_the_channels() {
    let app = Router::from(
        channels()
            .route_with::<Hut>("/hut", |options| options.max_message_size(10))
            .route::<House>("/{street}/{number}")
            .options(ChannelOptions::default().subprotocols(["v1"])),
    );

    let hut = Communicator::<Hut>::builder(&app, "/hut").subprotocol("v1");
    let mut hut = hut.connect().await;
    assert_eq!(hut.subprotocol(), Some("v1"));
    hut.send_text("more than ten").await;
    assert_eq!(hut.closed().await.code, 1009);

    let mut house = Communicator::<House>::connect(&app, "/high/1").await;
    house.receive::<Told>().await;
    house.send_text("more than ten").await;
    house.expect_error("json_invalid").await;
}

#[tokio::test]
async fn a_layer_around_sees_the_request_and_the_response() {
    async fn note(mut request: Request, next: Next) -> Response {
        let path = request.uri().path().to_owned();
        request.extensions_mut().insert(Seen(path));
        let mut response = next.run(request).await;
        let header = HeaderValue::from_static("yes");
        response.headers_mut().insert("x-noted", header);
        response
    }
    let app = Router::from(channels().route::<Mirror>("/mirror"));
    let app = app.layer(middleware::from_fn(note));

    let mut mirror = Communicator::<Mirror>::connect(&app, "/mirror").await;

    assert_eq!(mirror.headers()["x-noted"], "yes");
    assert_eq!(mirror.receive::<Told>().await, told("/mirror"));
}

#[tokio::test]
async fn a_layer_around_may_refuse() {
    async fn refuse(_: Request, _: Next) -> Response {
        StatusCode::IM_A_TEAPOT.into_response()
    }
    let app = Router::from(channels().route::<Hut>("/hut"));
    let app = app.layer(middleware::from_fn(refuse));

    let refused = Communicator::<Hut>::builder(&app, "/hut")
        .connect_or_refused()
        .await;

    assert_eq!(refused.unwrap_err().status, StatusCode::IM_A_TEAPOT);
}
