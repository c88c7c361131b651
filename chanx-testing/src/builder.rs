//! The builder of a test's connection.

use std::{fmt, future::Future, marker::PhantomData, net::SocketAddr, time::Duration};

use axum::{Router, body::Body};
use chanx_core::Channel;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Uri, header};
use tokio::{net::TcpStream, time::timeout};

use crate::{
    Communicator, Refused,
    failed::Failed,
    handshake::{self, HandshakeError, Stream},
    line::Line,
    pipe,
    signals::Signals,
    socket::Socket,
};

/// The time that an application may take over a handshake, in a test.
const HANDSHAKE: Duration = Duration::from_secs(30);
/// The time that a test waits for a message, unless it says otherwise.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection to be opened: the request, before it is sent.
///
/// Made by [`Communicator::builder`] and [`Communicator::builder_at`].
#[must_use = "nothing is sent until `connect` is awaited"]
pub struct Builder<C> {
    server: Server,
    uri: Uri,
    headers: HeaderMap,
    query: String,
    peer: SocketAddr,
    patience: Duration,
    waits_for_connected: bool,
    consumer: PhantomData<fn() -> C>,
}

/// A connection, before it is a test's.
struct Opened {
    stream: Stream,
    headers: HeaderMap,
    /// The signals of the server, in memory.
    signals: Option<Signals>,
}

/// The server that answers.
#[derive(Debug)]
enum Server {
    App(Router),
    /// Host and port of a server that runs already.
    Address(String),
}

impl<C: Channel> Builder<C> {
    #[track_caller]
    pub(crate) fn to_app(app: &Router, path: &str) -> Self {
        assert!(
            path.starts_with('/'),
            "`{path}` is not a path: it starts with `/`"
        );
        Self::new(Server::App(app.clone()), path, "localhost")
    }

    #[track_caller]
    pub(crate) fn to_address(url: &str) -> Self {
        let uri: Option<Uri> = url.parse().ok();
        let authority = uri
            .filter(|uri| matches!(uri.scheme_str(), Some("ws" | "http")))
            .and_then(|uri| uri.into_parts().authority)
            .unwrap_or_else(|| {
                panic!("`{url}` is not an address: write `ws://127.0.0.1:8000/path`")
            });
        let port = authority.port_u16().unwrap_or(80);
        let address = format!("{}:{port}", authority.host());
        Self::new(Server::Address(address), url, authority.as_str())
    }

    #[track_caller]
    fn new(server: Server, uri: &str, host: &str) -> Self {
        let parsed: Result<Uri, _> = uri.parse();
        let uri = parsed.unwrap_or_else(|error| panic!("`{uri}` is not a path: {error}"));
        let query = uri.query().unwrap_or_default().to_owned();
        let mut headers = HeaderMap::new();
        handshake::ask_for_upgrade(&mut headers);
        headers.insert(
            header::HOST,
            HeaderValue::from_str(host).expect("a host that is part of a URI is a header"),
        );
        Self {
            server,
            uri,
            headers,
            query,
            peer: SocketAddr::from(([127, 0, 0, 1], 50_000)),
            patience: PATIENCE,
            waits_for_connected: true,
            consumer: PhantomData,
        }
    }

    /// Sets a header, in place of one of that name.
    ///
    /// # Panics
    ///
    /// When name or value cannot be a header's.
    #[track_caller]
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let name = name.as_ref();
        let name: HeaderName = name
            .parse()
            .unwrap_or_else(|_| panic!("`{name}` is not the name of a header"));
        self.headers.insert(name, header_value(value.as_ref()));
        self
    }

    /// Adds a cookie.
    ///
    /// # Panics
    ///
    /// When it cannot be part of a header.
    #[track_caller]
    pub fn cookie(self, name: impl fmt::Display, value: impl fmt::Display) -> Self {
        self.listed(header::COOKIE, "; ", &format!("{name}={value}"))
    }

    /// Adds a subprotocol to those that the client offers.
    ///
    /// # Panics
    ///
    /// When it cannot be part of a header.
    #[track_caller]
    pub fn subprotocol(self, protocol: impl AsRef<str>) -> Self {
        self.listed(header::SEC_WEBSOCKET_PROTOCOL, ", ", protocol.as_ref())
    }

    /// Sends a bearer token in the `Authorization` header (RFC 6750).
    ///
    /// # Panics
    ///
    /// When it cannot be part of a header.
    #[track_caller]
    pub fn bearer(self, token: impl fmt::Display) -> Self {
        self.header(header::AUTHORIZATION, format!("Bearer {token}"))
    }

    /// Adds a parameter to the query, escaped as needed.
    pub fn query(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.query = form_urlencoded::Serializer::new(self.query)
            .append_pair(name.as_ref(), value.as_ref())
            .finish();
        self
    }

    /// Sets the client's address, as `ConnectInfo<SocketAddr>` has it.
    ///
    /// `127.0.0.1:50000` unless set. At a real address it has no effect: the
    /// server knows better.
    pub fn peer(mut self, peer: impl Into<SocketAddr>) -> Self {
        self.peer = peer.into();
        self
    }

    /// The time that each receive waits, on tokio's clock. Five seconds unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.patience = timeout;
        self
    }

    /// Has `connect` return while the consumer's `connected` may still run.
    ///
    /// At a real address it is always so.
    pub fn without_waiting_for_connected(mut self) -> Self {
        self.waits_for_connected = false;
        self
    }

    /// Connects, and waits until `connected` has returned.
    ///
    /// # Panics
    ///
    /// When the application refuses, with its response.
    #[track_caller]
    pub fn connect(self) -> impl Future<Output = Communicator<C>> + Send {
        let line = Line::here();
        async move {
            match self.open(line).await {
                Ok(communicator) => communicator,
                Err(refused) => panic!("{line}: {refused}"),
            }
        }
    }

    /// Connects, or gives the response of an application that refuses.
    ///
    /// # Panics
    ///
    /// When there is no response.
    ///
    /// # Errors
    ///
    /// The response.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Bearer, Channels, Connect, Consumer, ChannelLayer, Rejection, channel};
    /// # use chanx_testing::Communicator;
    /// # #[derive(Consumer)]
    /// # struct Vault;
    /// # impl Connect for Vault {
    /// #     type Handshake = Bearer;
    /// #
    /// #     async fn connect(_: Bearer) -> Result<Self, Rejection> {
    /// #         Err(Rejection::forbidden("not today"))
    /// #     }
    /// # }
    /// # #[channel(name = "vault")]
    /// # impl Vault {}
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let app = Channels::new(ChannelLayer::new()).route::<Vault>("/ws").into_router();
    /// let client = Communicator::<Vault>::builder(&app, "/ws").bearer("sesame");
    /// let refused = client.connect_or_refused().await.unwrap_err();
    /// assert_eq!(refused.status, 403);
    /// assert_eq!(refused.detail().as_deref(), Some("not today"));
    /// # }
    /// ```
    #[track_caller]
    pub fn connect_or_refused(
        self,
    ) -> impl Future<Output = Result<Communicator<C>, Refused>> + Send {
        self.open(Line::here())
    }

    async fn open(self, line: Line) -> Result<Communicator<C>, Refused> {
        let path = self.uri.path().to_owned();
        let (patience, waits) = (self.patience, self.waits_for_connected);
        let opened = timeout(HANDSHAKE, self.shake_hands()).await;
        let opened = opened
            .unwrap_or_else(|_| panic!("{line}: the handshake was not answered for {HANDSHAKE:?}"));
        let opened = match opened {
            Ok(opened) => opened,
            Err(HandshakeError::Refused(refused)) => return Err(refused),
            Err(HandshakeError::Failed(why)) => panic!("{line}: {why}"),
        };
        let mut own_topic = None;
        let failed = match opened.signals {
            Some(Signals {
                connected,
                failures,
                mut topic,
            }) => {
                own_topic = topic.try_recv().ok().flatten();
                if waits {
                    // It may fail or never run: then the client sees why.
                    let told = timeout(patience, connected).await;
                    assert!(
                        told.is_ok(),
                        "{line}: `connected` has not returned for {patience:?}: \
                         to connect while it runs, add `.without_waiting_for_connected()`"
                    );
                }
                Some(Failed::new(&path, failures))
            }
            None => None,
        };
        Ok(Communicator::new(
            Socket::new(opened.stream, own_topic),
            opened.headers,
            failed,
            patience,
            waits,
        ))
    }

    async fn shake_hands(self) -> Result<Opened, HandshakeError> {
        let request = request(&self.uri, &self.query, self.headers);
        let (opened, signals) = match self.server {
            Server::App(app) => {
                let (stream, signals) = pipe::serve(app, self.peer);
                (handshake::open(stream, request).await?, Some(signals))
            }
            Server::Address(address) => {
                let stream = TcpStream::connect(&address).await.map_err(|error| {
                    HandshakeError::Failed(format!("nobody answers at {address} ({error})"))
                })?;
                (handshake::open(stream, request).await?, None)
            }
        };
        let (stream, headers) = opened;
        Ok(Opened {
            stream,
            headers,
            signals,
        })
    }

    #[track_caller]
    fn listed(mut self, name: HeaderName, separator: &str, value: &str) -> Self {
        let listed = match self.headers.get(&name).map(HeaderValue::to_str) {
            Some(Ok(before)) => format!("{before}{separator}{value}"),
            _ => value.to_owned(),
        };
        self.headers.insert(name, header_value(&listed));
        self
    }
}

fn request(uri: &Uri, query: &str, headers: HeaderMap) -> Request<Body> {
    let target = if query.is_empty() {
        uri.path().to_owned()
    } else {
        format!("{}?{query}", uri.path())
    };
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = target
        .parse()
        .expect("a path and an escaped query are a URI");
    *request.headers_mut() = headers;
    request
}

#[track_caller]
fn header_value(value: &str) -> HeaderValue {
    HeaderValue::from_str(value).unwrap_or_else(|_| panic!("`{value}` cannot be in a header"))
}

impl<C> fmt::Debug for Builder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("uri", &self.uri)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}
