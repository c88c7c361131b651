//! From an HTTP request to a running session, or to a refusal.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, RawPathParams, Request, State},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any},
};
use chanx_core::{
    Channel, ChannelOptions, CompletionFrames, Connect, Endpoint, OfTopic, Rejection, RequestInfo,
    Session,
};
use futures_util::future::BoxFuture;
use http::request::Parts;
use tokio::time::timeout_at;

use crate::{
    admission::{self, Place},
    extract::TokenPlaces,
    gate::Gate,
    handshake::OpeningHandshake,
    rejection::into_response,
    request,
    switch::{Switch, logged, too_slow_response},
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
        answer.unwrap_or_else(|refusal| logged(&parts, refusal))
    })
}

impl<C: Channel + Connect> Upgrade<C> {
    /// Checks cheapest first; the application's own extractors come last.
    async fn answer<S>(&self, parts: &mut Parts, state: &S) -> Result<Response, Response>
    where
        C::Handshake: FromRequestParts<S>,
        S: Send + Sync,
    {
        let options = self.endpoint.options();
        let switch = Switch::read(parts, options)?;
        let admitted = self.gate.admit(parts)?;
        let opening = &switch.opening;
        let opened = timeout_at(switch.deadline, async {
            let consumer = self.handshake(parts, state).await?;
            self.open(consumer, opening, parts).await
        });
        match opened.await.unwrap_or_else(|_| Err(too_slow_response())) {
            Ok((session, place)) => Ok(switch.serve(session, (admitted, place))),
            Err(refusal) => {
                let rejecting = switch.reject(&self.gate, options, parts, refusal, admitted);
                rejecting.await
            }
        }
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
    async fn open(
        &self,
        consumer: C,
        opening: &OpeningHandshake,
        parts: &mut Parts,
    ) -> Result<(Session, Option<Place>), Response> {
        let endpoint = &*self.endpoint;
        let options = endpoint.options();
        let request = information(parts, opening, options);
        let test = parts.extensions.get::<TestConnection>().cloned();
        let completion_frames = match test {
            Some(_) => CompletionFrames::OnTopicsToo,
            None => options.socket().completion_frames.into(),
        };
        let session = match self.topic {
            None => Session::with_completion_frames(endpoint, consumer, request, completion_frames),
            Some(pattern) => {
                let topic = self.topic(pattern, parts).await?;
                let session =
                    Session::of_topic(endpoint, topic, consumer, request, completion_frames);
                session
                    .await
                    .map_err(|rejection| into_response(&rejection))?
            }
        };
        opened(session, test, &self.gate)
    }

    /// The topic that the path's parameters make of a pattern.
    async fn topic(&self, pattern: &str, parts: &mut Parts) -> Result<OfTopic<'_, C>, Response> {
        let parameters = path_parameters(parts).await?;
        let topic = self
            .endpoint
            .topic(pattern, |name| value_of(&parameters, name));
        topic.ok_or_else(|| into_response(&Rejection::not_found("no such topic")))
    }
}

// What does not depend on the consumer stands in functions of its own, and what waits is
// boxed in them, so that it is compiled here and not once more for each consumer.

/// What a consumer is told of its request.
fn information(parts: &Parts, opening: &OpeningHandshake, options: &ChannelOptions) -> RequestInfo {
    let request = RequestInfo::new(parts.method.clone(), request::uri(parts))
        .with_peer(admission::peer(parts))
        .with_subprotocol(opening.subprotocol());
    match options.socket().keep_headers {
        true => request.with_headers(&parts.headers),
        false => request,
    }
}

/// The session with its user's place, unless the server shuts down or has no room.
fn opened(
    session: Session,
    test: Option<TestConnection>,
    gate: &Gate,
) -> Result<(Session, Option<Place>), Response> {
    let session = match test {
        Some(test) => test.listen(session),
        None => session,
    };
    gate.check_open()?;
    let place = gate.admit_user(session.user().cloned())?;
    Ok((session, place))
}

/// The parameters of the route's path.
fn path_parameters(parts: &mut Parts) -> BoxFuture<'_, Result<RawPathParams, Response>> {
    Box::pin(async move {
        let parameters = RawPathParams::from_request_parts(parts, &()).await;
        parameters.map_err(IntoResponse::into_response)
    })
}

fn value_of(parameters: &RawPathParams, name: &str) -> Option<String> {
    let mut parameters = parameters.iter();
    let found = parameters.find(|(parameter, _)| *parameter == name);
    found.map(|(_, value)| value.to_owned())
}
