//! A server that speaks TLS itself, as the guide sets it up.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as a test does"
)]

#[path = "../examples/chat/serve.rs"]
mod serve;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use chanx::{ChannelLayer, Channels, Connect, Consumer, Control, Info, Ping, Pong, channel};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};
use tokio_rustls::{
    TlsAcceptor, TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore, ServerConfig,
        pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName},
    },
};

#[derive(Debug, Default, Connect, Consumer)]
struct Echo;

#[channel(name = "echo")]
impl Echo {
    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }
}

/// A server on a free port, over TLS or not.
struct Server {
    address: SocketAddr,
    control: Control,
    certificate: Option<CertificateDer<'static>>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Server {
    async fn over_tls() -> Self {
        let names = vec!["localhost".to_owned()];
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).unwrap();
        let certificate = cert.der().clone();
        let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
        let mut config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key.into())
            .unwrap();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (app, control) = app(Channels::https);
        let (stop, stopped) = oneshot::channel();
        Self {
            address: listener.local_addr().unwrap(),
            control,
            certificate: Some(certificate),
            stop,
            serving: tokio::spawn(serve::serve(
                listener,
                move |socket| acceptor.accept(socket),
                app,
                async { stopped.await.unwrap() },
            )),
        }
    }

    async fn over_tcp() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (app, control) = app(|channels| channels);
        let (stop, stopped) = oneshot::channel();
        Self {
            address: listener.local_addr().unwrap(),
            control,
            certificate: None,
            stop,
            serving: tokio::spawn(serve::serve(
                listener,
                async |socket| Ok(socket),
                app,
                async { stopped.await.unwrap() },
            )),
        }
    }

    async fn tls(&self) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone().unwrap()).unwrap();
        let config = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let tcp = TcpStream::connect(self.address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let connector = TlsConnector::from(Arc::new(config));
        connector.connect(name, tcp).await.unwrap()
    }

    /// The status of a handshake by a page of an origin.
    async fn handshake(&self, origin: &str) -> (u16, TlsStream<TcpStream>) {
        let mut stream = self.tls().await;
        let host = format!("localhost:{}", self.address.port());
        let request = handshake(&host, &format!("origin: {origin}\r\n"));
        stream.write_all(request.as_bytes()).await.unwrap();
        let head = head(&mut stream).await;
        (head.split(' ').nth(1).unwrap().parse().unwrap(), stream)
    }
}

fn app(configure: impl FnOnce(Channels) -> Channels) -> (Router, Control) {
    let channels = Channels::new(ChannelLayer::new())
        .route::<Echo>("/ws")
        .asyncapi(Info::new("Echo", "1"));
    let channels = configure(channels);
    let control = channels.control();
    (channels.into(), control)
}

fn handshake(host: &str, headers: &str) -> String {
    format!(
        "GET /ws HTTP/1.1\r\nhost: {host}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
    )
}

async fn head(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

/// A close frame as a client sends it, with a mask of zeros.
const CLOSE: [u8; 8] = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8];

/// The server's answer to it.
const CLOSED: [u8; 4] = [0x88, 0x02, 0x03, 0xE8];

#[tokio::test]
async fn a_page_of_https_may_connect_and_one_of_http_may_not() {
    let server = Server::over_tls().await;
    let port = server.address.port();

    let (own, _socket) = server.handshake(&format!("https://localhost:{port}")).await;
    let (plain, _) = server.handshake(&format!("http://localhost:{port}")).await;

    assert_eq!((own, plain), (101, 403));
}

#[tokio::test]
async fn the_document_names_a_wss_server() {
    let server = Server::over_tls().await;
    let mut stream = server.tls().await;
    let request = "GET /asyncapi.json HTTP/1.1\r\nhost: app.example\r\nconnection: close\r\n\r\n";

    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();

    assert!(answer.contains(r#""protocol": "wss""#), "{answer}");
}

#[tokio::test]
async fn the_closing_handshake_ends_with_close_notify() {
    let server = Server::over_tls().await;
    let origin = format!("https://localhost:{}", server.address.port());
    let (_, mut stream) = server.handshake(&origin).await;

    stream.write_all(&CLOSE).await.unwrap();
    let mut rest = Vec::new();
    // Without `close_notify` this is an error: somebody may have cut the end off.
    stream.read_to_end(&mut rest).await.unwrap();

    assert_eq!(rest, CLOSED);
}

#[tokio::test]
async fn a_close_arrives_whatever_the_client_sends_behind_its_own() {
    let server = Server::over_tcp().await;
    for _ in 0..50 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream
            .write_all(handshake("localhost", "").as_bytes())
            .await
            .unwrap();
        head(&mut stream).await;

        let behind = [CLOSE.as_slice(), &[0x55; 20_000]].concat();
        stream.write_all(&behind).await.unwrap();
        let mut rest = Vec::new();
        // A connection that was reset is an error.
        stream.read_to_end(&mut rest).await.unwrap();

        assert_eq!(rest, CLOSED);
    }
    assert_eq!(server.control.stats().connections(), 0);
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let server = Server::over_tcp().await;
    let mut silent = Vec::new();
    for beginning in ["", "GET /ws HT", "GET /ws HTTP/1.1\r\nhost: a\r\nx: "] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(beginning.as_bytes()).await.unwrap();
        silent.push((beginning, stream));
    }
    // Accepted behind them: once it is answered, they are being waited for.
    let mut last = TcpStream::connect(server.address).await.unwrap();
    let request = "GET /nowhere HTTP/1.1\r\nhost: a\r\n\r\n";
    last.write_all(request.as_bytes()).await.unwrap();
    head(&mut last).await;

    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(11)).await;
    tokio::time::resume();

    for (beginning, mut stream) in silent {
        let mut rest = Vec::new();
        let closed = timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await;

        assert!(closed.is_ok(), "{beginning}");
    }
}

#[tokio::test]
async fn the_server_stops_while_connections_say_nothing() {
    let server = Server::over_tls().await;
    let _silent = TcpStream::connect(server.address).await.unwrap();
    let _silent_over_tls = server.tls().await;
    let origin = format!("https://localhost:{}", server.address.port());
    let (status, mut socket) = server.handshake(&origin).await;
    assert_eq!(status, 101);
    tokio::time::pause();

    let control = server.control.clone();
    server.stop.send(()).unwrap();
    let (report, stopped) = tokio::join!(
        control.shutdown(),
        timeout(Duration::from_secs(25), server.serving),
    );

    assert_eq!(report.closed + report.cut, 1);
    stopped.expect("the server stops in time").unwrap();
    let mut goodbye = [0; 2];
    socket.read_exact(&mut goodbye).await.unwrap();
    assert_eq!(goodbye[0], 0x88);
}
