//! From an HTTP request to a running session, or to a refusal.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{FromRequestParts, RawPathParams, Request, State},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any},
};
use chanx_core::{
    AuthenticationFrames, Channel, CompletionFrames, Connect, Endpoint, OfTopic, Rejection,
    RequestInfo, Session, SocketSizes, deadline_after, wire::Foreign,
};
use futures_util::future::BoxFuture;
use http::{StatusCode, request::Parts};
use tokio::time::{Instant, timeout_at};
use tracing::debug;

use crate::{
    admission::{self, Admitted, Place},
    extract::TokenPlaces,
    gate::Gate,
    handshake::OpeningHandshake,
    rejection::{Detail, into_response, rejection_of},
    request,
    socket::{Io, Socket},
    test_connection::TestConnection,
};

/// The parts that one route needs to answer a request.
#[derive(Debug)]
pub(crate) struct Upgrade<C> {
    pub(crate) endpoint: Arc<Endpoint<C>>,
    pub(crate) gate: Arc<Gate>,
    /// The places in which [`Bearer`](crate::Bearer) finds a token, besides the header.
    pub(crate) token_places: TokenPlaces,
    /// The pattern of the topic that the route is for, where it is for one.
    pub(crate) topic: Option<&'static str>,
}

/// The route of a channel.
///
/// It answers any method: HTTP/2 opens a WebSocket with CONNECT (RFC 8441).
pub(crate) fn route<C, S>(upgrade: Upgrade<C>) -> MethodRouter<S>
where
    C: Channel + Connect,
    C::Handshake: FromRequestParts<S>,
    S: Clone + Send + Sync + 'static,
{
    let upgrade = Arc::new(upgrade);
    any(move |State(state): State<S>, request: Request| async move {
        let (mut parts, _) = request.into_parts();
        let answer = upgrade.answer(&mut parts, &state).await;
        answer.unwrap_or_else(|refusal| {
            let detail = refusal.extensions().get::<Detail>();
            let detail = detail.map(|detail| detail.0.as_str());
            log_refusal(&parts, refusal.status(), detail);
            refusal
        })
    })
}

impl<C: Channel + Connect> Upgrade<C> {
    /// Checks cheapest first; the application's own extractors come last.
    async fn answer<S>(&self, parts: &mut Parts, state: &S) -> Result<Response, Response>
    where
        C::Handshake: FromRequestParts<S>,
        S: Send + Sync,
    {
        let timeout = self.endpoint.options().socket().handshake_timeout;
        let deadline = deadline_after(timeout);
        let mut opening = OpeningHandshake::read(parts)?;
        let options = self.endpoint.options().socket();
        opening.choose_subprotocol(&parts.headers, options.subprotocols);
        opening.negotiate_compression(&parts.headers, options.compression)?;
        let switch = Switch {
            opening,
            sizes: options.sizes,
            deadline,
        };
        let admitted = self.gate.admit(parts)?;
        let opening = &switch.opening;
        let opened = timeout_at(deadline, async {
            let consumer = self.handshake(parts, state).await?;
            self.open(consumer, opening, parts, state).await
        });
        let opened = opened
            .await
            .map_err(|_| into_response(&too_slow()))
            .flatten();
        Ok(match opened {
            Ok((session, place)) => switch.serve(session, (admitted, place)),
            Err(refusal) => self.reject(parts, switch, refusal, admitted).await?,
        })
    }

    /// The application decides: its extractors, then `connect`.
    async fn handshake<S>(&self, parts: &mut Parts, state: &S) -> Result<C, Response>
    where
        C::Handshake: FromRequestParts<S>,
        S: Send + Sync,
    {
        self.token_places.tell(parts);
        let handshake = C::Handshake::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        <C as Connect>::connect(handshake)
            .await
            .map_err(|rejection| into_response(&rejection))
    }

    /// A session that waits for its socket, and its user's place.
    async fn open<S: Send + Sync>(
        &self,
        consumer: C,
        opening: &OpeningHandshake,
        parts: &mut Parts,
        state: &S,
    ) -> Result<(Session, Option<Place>), Response> {
        let mut request = RequestInfo::new(parts.method.clone(), request::uri(parts))
            .with_peer(admission::peer(parts))
            .with_subprotocol(opening.subprotocol());
        if self.endpoint.options().socket().keep_headers {
            request = request.with_headers(&parts.headers);
        }
        let test = parts.extensions.get::<TestConnection>().cloned();
        let endpoint = &*self.endpoint;
        let completion_frames = match test {
            Some(_) => CompletionFrames::OnTopicsToo,
            None => endpoint.options().socket().completion_frames.into(),
        };
        let mut session = match self.topic {
            None => Session::with_completion_frames(endpoint, consumer, request, completion_frames),
            Some(pattern) => {
                let topic = self.topic(pattern, parts, state).await?;
                let session =
                    Session::of_topic(endpoint, topic, consumer, request, completion_frames);
                session
                    .await
                    .map_err(|rejection| into_response(&rejection))?
            }
        };
        if let Some(test) = test {
            session = test.listen(session);
        }
        self.gate.check_open()?;
        let place = self.gate.admit_user(session.user().cloned())?;
        Ok((session, place))
    }

    /// The topic that the path's parameters make of a pattern.
    async fn topic<S: Send + Sync>(
        &self,
        pattern: &str,
        parts: &mut Parts,
        state: &S,
    ) -> Result<OfTopic<'_, C>, Response> {
        let parameters = RawPathParams::from_request_parts(parts, state).await;
        let parameters = parameters.map_err(IntoResponse::into_response)?;
        let value = |name: &str| {
            let mut parameters = parameters.iter();
            let found = parameters.find(|(parameter, _)| *parameter == name);
            found.map(|(_, value)| value.to_owned())
        };
        let topic = self.endpoint.topic(pattern, value);
        topic.ok_or_else(|| into_response(&Rejection::not_found("no such topic")))
    }

    /// Refuses by HTTP, or after the upgrade where the channel is so configured.
    ///
    /// A connection that is told so takes a place among those that are being
    /// refused, and none among those that are served; where no place is left,
    /// it is refused by HTTP.
    ///
    /// It has time of its own for the upgrade, as there is none left when the
    /// handshake is refused for having taken too long.
    async fn reject(
        &self,
        parts: &Parts,
        mut switch: Switch,
        refusal: Response,
        admitted: Admitted,
    ) -> Result<Response, Response> {
        let socket = self.endpoint.options().socket();
        if socket.authentication_frames == AuthenticationFrames::Off {
            return Err(refusal);
        }
        let Some(admitted) = self.gate.admission.admit_refused(admitted) else {
            return Err(refusal);
        };
        let close_timeout = socket.close_timeout;
        let rejection = timeout_at(switch.deadline, rejection_of(refusal)).await;
        let rejection = rejection.unwrap_or_else(|_| too_slow());
        log_refusal(parts, rejection.status(), Some(rejection.detail()));
        let own_time = deadline_after(close_timeout);
        switch.deadline = switch.deadline.max(own_time);
        Ok(switch.tell(rejection, close_timeout, admitted))
    }
}

/// A switch of protocols that has been agreed on.
struct Switch {
    opening: OpeningHandshake,
    sizes: SocketSizes,
    deadline: Instant,
}

/// What runs behind a switch is compiled here, and not once more for each application:
/// nothing of it depends on the consumer.
impl Switch {
    /// Answers 101, and has the session run on the socket; it gives back the places that
    /// it takes.
    fn serve(self, session: Session, places: (Admitted, Option<Place>)) -> Response {
        let (response, socket) = self.agree();
        tokio::spawn(async move {
            let Some(mut socket) = socket.await else {
                return;
            };
            socket.count_by(session.wire_counter());
            let mut socket = Some(socket);
            let let_go = |socket: Box<Socket<Io>>| drop(tokio::spawn(socket.linger()));
            session.run_lent(&mut socket, let_go).await;
            // Before the socket: whoever sees the connection end finds its place free.
            drop(places);
            if let Some(socket) = socket {
                socket.linger().await;
            }
        });
        response
    }

    /// Answers 101, and tells the client on the socket that it is refused.
    fn tell(self, rejection: Rejection, close_timeout: Duration, admitted: Admitted) -> Response {
        let (response, socket) = self.agree();
        tokio::spawn(async move {
            let Some(mut socket) = socket.await else {
                return;
            };
            chanx_core::reject_after_upgrade(&mut socket, &rejection, close_timeout).await;
            drop(admitted);
            socket.linger().await;
        });
        response
    }

    /// The answer 101, and the socket, which comes once that has been sent.
    ///
    /// The response may be held back or replaced by a middleware. The socket
    /// then never comes, which is known at the deadline.
    ///
    /// Boxed, because whoever waits for the socket goes on for as long as that is open, and
    /// would keep a place for all that has led to it.
    fn agree(self) -> (Response, BoxFuture<'static, Option<Box<Socket<Io>>>>) {
        let (response, connection, deflating) = self.opening.agree();
        let (deadline, sizes) = (self.deadline, self.sizes);
        let socket = Box::pin(async move {
            let connection = match timeout_at(deadline, connection).await {
                Ok(Ok(connection)) => connection,
                Ok(Err(error)) => {
                    debug!(%error, "the upgrade failed");
                    return None;
                }
                Err(_) => {
                    debug!("the upgrade did not complete in time");
                    return None;
                }
            };
            let socket = Socket::from_upgraded(connection, sizes);
            Some(Box::new(match deflating {
                Some(deflating) => socket.deflating(deflating),
                None => socket,
            }))
        });
        (response, socket)
    }
}

/// Says why a client is not connected, which it may not be able to see itself.
fn log_refusal(parts: &Parts, status: StatusCode, detail: Option<&str>) {
    debug!(
        path = &*Foreign::name(request::uri(parts).path()).to_text(),
        peer = admission::peer(parts).map(display),
        status = status.as_u16(),
        detail = detail.map(|detail| display(Foreign::prose(detail))),
        "refused a handshake"
    );
}

fn too_slow() -> Rejection {
    let detail = "the handshake took too long";
    Rejection::new(StatusCode::SERVICE_UNAVAILABLE, detail)
}
