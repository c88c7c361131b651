//! From an HTTP request to a running session, or to a refusal.

use std::{future::Future, sync::Arc, time::Duration};

use axum::{
    extract::{FromRequestParts, Request, State, WebSocketUpgrade},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any},
};
use chanx_core::{
    AuthenticationFrames, Channel, Consumer, Endpoint, Rejection, RequestInfo, Session,
};
use http::{HeaderValue, StatusCode, request::Parts};
use hyper::upgrade::OnUpgrade;
use tokio::time::{Instant, timeout_at};
use tracing::debug;

use crate::{
    admission::{self, Admitted, Place},
    gate::Gate,
    rejection::{refuse, rejection_of, upgrade_required},
    socket::{Io, Socket, SocketConfig},
    test_connection::TestConnection,
};

/// Longer than any handshake, and short enough to be added to the time.
const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// What one route needs to answer a request.
#[derive(Debug)]
pub(crate) struct Upgrade<C> {
    pub(crate) endpoint: Arc<Endpoint<C>>,
    pub(crate) gate: Arc<Gate>,
}

/// The route of a channel.
///
/// It answers any method: HTTP/2 opens a WebSocket with CONNECT (RFC 8441).
pub(crate) fn route<C, S>(upgrade: Upgrade<C>) -> MethodRouter<S>
where
    C: Channel,
    C::Handshake: FromRequestParts<S>,
    S: Clone + Send + Sync + 'static,
{
    let upgrade = Arc::new(upgrade);
    any(move |State(state): State<S>, request: Request| async move {
        let (mut parts, _) = request.into_parts();
        let answer = upgrade.answer(&mut parts, &state).await;
        answer.unwrap_or_else(|refusal| refusal)
    })
}

impl<C: Channel> Upgrade<C> {
    /// Checks cheapest first; the application's own extractors come last.
    async fn answer<S>(&self, parts: &mut Parts, state: &S) -> Result<Response, Response>
    where
        C::Handshake: FromRequestParts<S>,
        S: Send + Sync,
    {
        let timeout = self.endpoint.options().socket().handshake_timeout;
        let deadline = Instant::now() + timeout.min(FOR_EVER);
        let connection = take_connection(parts);
        let upgrade = WebSocketUpgrade::from_request_parts(parts, state)
            .await
            .map_err(|_| upgrade_required())?;
        let upgrade = Switch {
            connection: connection.ok_or_else(upgrade_required)?,
            response: self.negotiate(upgrade),
            socket: self.socket_config(),
            deadline,
        };
        let admitted = self.gate.admit(parts)?;
        let handshake = timeout_at(deadline, self.handshake(parts, state));
        let consumer = handshake.await.map_err(|_| refuse(&too_slow())).flatten();
        let opened = consumer.and_then(|consumer| self.open(consumer, &upgrade.response, parts));
        Ok(match opened {
            Ok((session, place)) => upgrade.to(async move |mut socket| {
                // Dropped before the socket: whoever sees the connection end finds its place free.
                let _kept = (admitted, place);
                session.run(&mut socket).await;
            }),
            Err(refusal) => self.refuse(upgrade, refusal, admitted).await,
        })
    }

    /// The application decides: its extractors, then `connect`.
    async fn handshake<S>(&self, parts: &mut Parts, state: &S) -> Result<C, Response>
    where
        C::Handshake: FromRequestParts<S>,
        S: Send + Sync,
    {
        let handshake = C::Handshake::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        <C as Consumer>::connect(handshake)
            .await
            .map_err(|rejection| refuse(&rejection))
    }

    /// Chooses among the subprotocols that the client offers (RFC 6455 §4.2.2).
    ///
    /// `bearer` is the last choice: a browser that has sent a token that way
    /// gives up unless one of its protocols is answered.
    fn negotiate(&self, upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
        let spoken = self.endpoint.options().socket().subprotocols;
        let mut upgrade = upgrade.protocols(spoken.iter().cloned());
        let bearer = HeaderValue::from_static("bearer");
        let offered = upgrade
            .requested_protocols()
            .any(|offered| *offered == bearer);
        if offered && upgrade.selected_protocol().is_none() {
            upgrade.set_selected_protocol(bearer);
        }
        upgrade
    }

    /// A session that waits for its socket, and its user's place.
    fn open(
        &self,
        consumer: C,
        upgrade: &WebSocketUpgrade,
        parts: &Parts,
    ) -> Result<(Session<C>, Option<Place>), Response> {
        let protocol = upgrade.selected_protocol();
        let mut request = RequestInfo::new(parts.method.clone(), &parts.uri)
            .with_peer(admission::peer(parts))
            .with_subprotocol(protocol.and_then(|protocol| protocol.to_str().ok()));
        if self.endpoint.options().socket().keep_headers {
            request = request.with_headers(&parts.headers);
        }
        let endpoint = self.endpoint.clone();
        let session = match parts.extensions.get::<TestConnection>() {
            Some(test) => test.session(endpoint, consumer, request),
            None => Session::new(endpoint, consumer, request),
        };
        self.gate.is_open()?;
        let place = self.gate.admit_user(session.user().cloned())?;
        Ok((session, place))
    }

    /// Answers with the refusal, or says it after the upgrade where the
    /// channel is so configured: such a connection keeps its place to the end.
    ///
    /// It has time of its own for the upgrade, as there is none left when the
    /// handshake is refused for having taken too long.
    async fn refuse(&self, mut upgrade: Switch, refusal: Response, admitted: Admitted) -> Response {
        let socket = self.endpoint.options().socket();
        if socket.authentication_frames == AuthenticationFrames::Off {
            return refusal;
        }
        let close_timeout = socket.close_timeout;
        let rejection = timeout_at(upgrade.deadline, rejection_of(refusal)).await;
        let rejection = rejection.unwrap_or_else(|_| too_slow());
        let own_time = Instant::now() + close_timeout.min(FOR_EVER);
        upgrade.deadline = upgrade.deadline.max(own_time);
        upgrade.to(async move |mut socket| {
            // Dropped before the socket, as above.
            let _kept = admitted;
            chanx_core::refuse(&mut socket, &rejection, close_timeout).await;
        })
    }

    fn socket_config(&self) -> SocketConfig {
        let socket = self.endpoint.options().socket();
        SocketConfig {
            max_message_size: socket.max_message_size,
            read_buffer_size: socket.read_buffer_size,
        }
    }
}

/// The connection under the request, taken so that axum finds none.
///
/// axum would keep the bytes below its WebSocket to itself, and without them
/// nobody can close a connection in such a way that the peer learns why.
fn take_connection(parts: &mut Parts) -> Option<OnUpgrade> {
    let connection = parts.extensions.remove::<OnUpgrade>()?;
    let none = hyper::upgrade::on(http::Request::new(()));
    parts.extensions.insert(none);
    Some(connection)
}

/// A switch of protocols that has been agreed on.
struct Switch {
    connection: OnUpgrade,
    response: WebSocketUpgrade,
    socket: SocketConfig,
    deadline: Instant,
}

impl Switch {
    /// Answers 101 and leaves the socket, once it is there, to `next`.
    ///
    /// The response may be held back or replaced by a middleware. The socket
    /// then never comes, and at the deadline `next` is dropped.
    fn to<F>(self, next: impl FnOnce(Box<Socket<Io>>) -> F + Send + 'static) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        tokio::spawn(async move {
            let connection = match timeout_at(self.deadline, self.connection).await {
                Ok(Ok(connection)) => connection,
                Ok(Err(error)) => return debug!(%error, "the upgrade failed"),
                Err(_) => return debug!("the upgrade did not complete in time"),
            };
            let socket = Socket::from_upgraded(connection, self.socket);
            // Boxed, as each future it is handed through keeps a place of its size.
            next(Box::new(socket)).await;
        });
        self.response.on_upgrade(async |_| {})
    }
}

fn too_slow() -> Rejection {
    let detail = "the handshake took too long";
    Rejection::new(StatusCode::SERVICE_UNAVAILABLE, detail)
}
