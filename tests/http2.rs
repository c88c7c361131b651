//! A WebSocket over HTTP/2, which is opened by an extended CONNECT (RFC 8441).

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as a test does"
)]

use std::net::SocketAddr;

use axum::Router;
use bytes::Bytes;
use chanx::{ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Ping, Pong, channel};
use http::{Method, Request, Response, StatusCode};
use hyper::{
    body::Incoming,
    client::conn::http2::{SendRequest, handshake},
    ext::Protocol,
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A body of nothing.
type Empty = axum::body::Body;

#[derive(Default, Connect, Consumer)]
struct Echo;

#[channel(name = "echo")]
impl Echo {
    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }
}

async fn server() -> SocketAddr {
    let channels = Channels::new(ChannelLayer::new())
        .options(ChannelOptions::default().subprotocols(["chat.v1"]));
    let app = Router::new().merge(channels.route::<Echo>("/ws"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, app).await.unwrap() });
    address
}

/// A client of HTTP/2, without TLS, that knows that the server speaks it.
async fn client(address: SocketAddr) -> SendRequest<Empty> {
    let stream = TcpStream::connect(address).await.unwrap();
    let (client, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream))
        .await
        .unwrap();
    tokio::spawn(connection);
    client
}

fn request(address: SocketAddr, protocol: &'static str) -> http::request::Builder {
    Request::builder()
        .method(Method::CONNECT)
        .uri(format!("http://{address}/ws"))
        .extension(Protocol::from_static(protocol))
        .header("sec-websocket-version", "13")
}

async fn send(
    client: &mut SendRequest<Empty>,
    request: http::request::Builder,
) -> Response<Incoming> {
    client.ready().await.unwrap();
    let request = request.body(Empty::empty()).unwrap();
    client.send_request(request).await.unwrap()
}

/// A text frame of a client, whose mask leaves it as it is.
fn text(payload: &str) -> Bytes {
    let length = u8::try_from(payload.len()).unwrap();
    let head = [0x81, 0x80 | length, 0, 0, 0, 0];
    [&head, payload.as_bytes()].concat().into()
}

#[tokio::test]
async fn messages_go_both_ways_and_the_connection_ends_in_order() {
    let address = server().await;
    let mut client = client(address).await;
    let asked = request(address, "websocket").header("sec-websocket-protocol", "chat.v1");

    let response = send(&mut client, asked).await;

    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["sec-websocket-protocol"], "chat.v1");
    assert!(!response.headers().contains_key("sec-websocket-accept"));

    let socket = hyper::upgrade::on(response).await.unwrap();
    let mut socket = TokioIo::new(socket);
    socket
        .write_all(&text(r#"{"action":"ping"}"#))
        .await
        .unwrap();
    let mut pong = vec![0; 2 + r#"{"action":"pong","payload":null}"#.len()];
    socket.read_exact(&mut pong).await.unwrap();
    assert_eq!(&pong[2..], br#"{"action":"pong","payload":null}"#);

    // A close of 1000 is answered with one, and the stream ends.
    let close = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8];
    socket.write_all(&close).await.unwrap();
    let mut rest = Vec::new();
    socket.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest, [0x88, 2, 0x03, 0xE8]);
}

#[tokio::test]
async fn a_page_of_another_origin_is_refused_over_http2_too() {
    let address = server().await;
    let mut client = client(address).await;

    let foreign = request(address, "websocket").header("origin", "https://evil.example");
    assert_eq!(
        send(&mut client, foreign).await.status(),
        StatusCode::FORBIDDEN
    );
    let own = request(address, "websocket").header("origin", format!("http://{address}"));
    assert_eq!(send(&mut client, own).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn what_asks_for_no_websocket_is_told_to_upgrade() {
    let address = server().await;
    let mut client = client(address).await;

    let get = Request::get(format!("http://{address}/ws"));
    assert_eq!(
        send(&mut client, get).await.status(),
        StatusCode::UPGRADE_REQUIRED
    );
    let another = Request::builder()
        .method(Method::CONNECT)
        .uri(format!("http://{address}/ws"))
        .extension(Protocol::from_static("connect-udp"));
    assert_eq!(
        send(&mut client, another).await.status(),
        StatusCode::UPGRADE_REQUIRED
    );
}
