//! From an HTTP request to a running session, or to a refusal.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Request, State, WebSocketUpgrade, ws::OnFailedUpgrade},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any},
};
use chanx_core::{
    AuthenticationFrames, Channel, Consumer, Endpoint, Rejection, RequestInfo, Session,
};
use http::{HeaderValue, StatusCode, request::Parts};
use tokio::time::{Instant, timeout_at};
use tracing::debug;

use crate::{
    admission::{self, Admitted, Place},
    gate::Gate,
    rejection::{refuse, rejection_of, upgrade_required},
    socket::AxumSocket,
    test_connection::TestConnection,
    waiting::Waiting,
};

/// How much is gathered before it is written, unless it is flushed before.
const WRITE_BUFFER: usize = 16 * 1024;

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
        let deadline = Instant::now() + self.endpoint.options().socket().handshake_timeout;
        let upgrade = WebSocketUpgrade::from_request_parts(parts, state)
            .await
            .map_err(|_| upgrade_required())?;
        let admitted = self.gate.admit(parts)?;
        let upgrade = self.negotiate(upgrade);
        let handshake = timeout_at(deadline, self.handshake(parts, state));
        let consumer = handshake.await.map_err(|_| too_slow()).flatten();
        let opened = consumer.and_then(|consumer| self.open(consumer, &upgrade, parts));
        Ok(match opened {
            Ok((session, place)) => self.switch(upgrade, session, (admitted, place), deadline),
            Err(refusal) => self.refuse(upgrade, refusal, admitted, deadline).await,
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
        let mut request = RequestInfo::new(parts.method.clone(), parts.uri.clone())
            .with_peer(admission::peer(parts))
            .with_subprotocol(protocol.and_then(|protocol| protocol.to_str().ok()));
        if self.endpoint.options().socket().keep_headers {
            request = request.with_headers(parts.headers.clone());
        }
        let endpoint = self.endpoint.clone();
        let session = match parts.extensions.get::<TestConnection>() {
            Some(test) => test.session(endpoint, consumer, request),
            None => Session::new(endpoint, consumer, request),
        };
        let place = self.gate.admit_user(session.user().cloned())?;
        Ok((session, place))
    }

    /// Answers 101 and leaves the session to the task that gets the socket.
    ///
    /// `kept` is held until the session is over, or given up.
    fn switch(
        &self,
        upgrade: WebSocketUpgrade,
        session: Session<C>,
        kept: impl Send + 'static,
        deadline: Instant,
    ) -> Response {
        let waiting = Waiting::new((session, kept));
        waiting.give_up_at(deadline);
        self.configure(upgrade).on_upgrade(async move |socket| {
            // Dropped last: whoever sees the connection end finds its place free.
            let mut socket = AxumSocket::new(socket);
            if let Some((session, _kept)) = waiting.take() {
                session.run(&mut socket).await;
            }
        })
    }

    /// Answers with the refusal, or says it after the upgrade where the
    /// channel is so configured: such a connection keeps its place to the end.
    async fn refuse(
        &self,
        upgrade: WebSocketUpgrade,
        refusal: Response,
        admitted: Admitted,
        deadline: Instant,
    ) -> Response {
        let socket = self.endpoint.options().socket();
        if socket.authentication_frames == AuthenticationFrames::Off {
            return refusal;
        }
        let close_timeout = socket.close_timeout;
        let Ok(rejection) = timeout_at(deadline, rejection_of(refusal)).await else {
            return too_slow();
        };
        let waiting = Waiting::new(admitted);
        waiting.give_up_at(deadline);
        self.configure(upgrade).on_upgrade(async move |socket| {
            let _kept = waiting.take();
            chanx_core::refuse(AxumSocket::new(socket), &rejection, close_timeout).await;
        })
    }

    fn configure(&self, upgrade: WebSocketUpgrade) -> WebSocketUpgrade<impl OnFailedUpgrade> {
        let socket = self.endpoint.options().socket();
        upgrade
            .read_buffer_size(socket.read_buffer_size)
            .write_buffer_size(WRITE_BUFFER)
            .max_message_size(socket.max_message_size)
            .max_frame_size(socket.max_message_size)
            .on_failed_upgrade(|error| debug!(%error, "the upgrade failed"))
    }
}

fn too_slow() -> Response {
    let detail = "the handshake took too long";
    refuse(&Rejection::new(StatusCode::SERVICE_UNAVAILABLE, detail))
}
