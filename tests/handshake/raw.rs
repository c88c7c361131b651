//! Requests that no WebSocket client would send, byte by byte.

use axum::Router;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// The headers that ask for a WebSocket.
pub(crate) const UPGRADE: &str = "connection: upgrade\r\n\
    upgrade: websocket\r\n\
    sec-websocket-version: 13\r\n\
    sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// A response as it came.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// The status line and the headers, in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

/// Sends one request for `path` to an application, with these header lines.
pub(crate) async fn get(app: Router, path: &str, headers: &str) -> Response {
    request(app, &format!("GET {path}"), headers).await
}

/// Sends one request, beginning with `method and path`.
pub(crate) async fn request(app: Router, line: &str, headers: &str) -> Response {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, app).await });
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("{line} HTTP/1.1\r\nhost: app.example\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let response = read(&mut stream).await;
    server.abort();
    response
}

async fn read(stream: &mut TcpStream) -> Response {
    let mut text = String::new();
    loop {
        if let Some(response) = parse(&text) {
            return response;
        }
        let mut buffer = [0; 1024];
        let read = stream.read(&mut buffer).await.unwrap();
        assert!(read > 0, "the response ends early: {text}");
        // Frames may come right behind the response.
        text.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
}

/// The response, once all of it has come.
fn parse(text: &str) -> Option<Response> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let head = head.to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    let status = head.split(' ').nth(1)?.parse().unwrap();
    (body.len() >= length).then(|| Response {
        status,
        head,
        body: body.to_owned(),
    })
}
