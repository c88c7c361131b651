//! Publications from HTTP handlers.

use axum::{
    Json, Router,
    body::Body,
    extract::FromRef,
    http::{Request, StatusCode},
    routing::post,
};
use chanx::{Broadcaster, ChannelLayer, Channels, PublishError};
use chanx_testing::Communicator;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tokio::net::TcpListener;

use crate::board::{Announcement, Board, Me, Noted, Who, note, noted};

#[derive(Clone, FromRef)]
struct AppState {
    layer: ChannelLayer,
    /// The broadcaster of a second layer, kept as a value.
    archive: Archive,
}

#[derive(Clone)]
struct Archive(Broadcaster<Board>);

async fn pin(boards: Broadcaster<Board>, Json(text): Json<String>) -> StatusCode {
    match boards.event(note(&text)).await {
        Ok(receipt) if receipt.reached > 0 => StatusCode::ACCEPTED,
        _ => StatusCode::NOT_FOUND,
    }
}

async fn file(
    axum::extract::State(Archive(archive)): axum::extract::State<Archive>,
    Json(text): Json<String>,
) -> Result<StatusCode, StatusCode> {
    let failed = |_: PublishError| StatusCode::INTERNAL_SERVER_ERROR;
    archive.event(Announcement { text }).await.map_err(failed)?;
    Ok(StatusCode::ACCEPTED)
}

fn app() -> Router {
    let (layer, archive) = (ChannelLayer::new(), ChannelLayer::new());
    let state = AppState {
        layer: layer.clone(),
        archive: Archive(Broadcaster::new(&archive)),
    };
    Router::new()
        .route("/pin", post(pin))
        .route("/file", post(file))
        .merge(Channels::new(layer).route::<Board>("/board"))
        .merge(Channels::new(archive).route::<Board>("/archive"))
        .with_state(state)
}

async fn send(app: &Router, path: &str, body: &'static str) -> StatusCode {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = app.clone();
    tokio::spawn(async move { axum::serve(listener, app).await });
    let request = Request::post(format!("http://{address}{path}"))
        .header("content-type", "application/json")
        .body(Body::from(body))
        .unwrap();
    let client = Client::builder(TokioExecutor::new()).build_http();
    client.request(request).await.unwrap().status()
}

#[tokio::test]
async fn an_http_handler_extracts_a_broadcaster_and_tells_consumers() {
    let app = app();
    let mut board = Communicator::<Board>::connect(&app, "/board").await;
    board.request::<Me>(&Who).await;

    assert_eq!(send(&app, "/pin", "\"tea\"").await, StatusCode::ACCEPTED);

    assert_eq!(board.receive::<Noted>().await, noted("tea", 1));
}

#[tokio::test]
async fn an_http_handler_learns_that_nobody_was_there() {
    assert_eq!(send(&app(), "/pin", "\"tea\"").await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_broadcaster_of_a_second_layer_is_a_value_of_the_state() {
    let app = app();
    let mut archive = Communicator::<Board>::connect(&app, "/archive").await;
    archive.request::<Me>(&Who).await;

    assert_eq!(send(&app, "/file", "\"tea\"").await, StatusCode::ACCEPTED);

    let announcement = archive.receive::<Announcement>().await;
    assert_eq!(announcement.text, "tea");
}
