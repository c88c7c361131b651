//! From an HTTP request to a running session, or to a refusal.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, RawPathParams, Request},
    handler::Handler,
    response::{IntoResponse, Response},
};
use chanx_core::{
    Channel, ChannelOptions, CompletionFrames, Connect, Endpoint, Rejection, RequestInfo, Session,
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

/// The handler of a route.
pub(crate) struct Upgrade<S> {
    pub(crate) route: Arc<RouteParts>,
    pub(crate) open: Arc<OpenWith<S>>,
}

/// The parts of a route that do not depend on its consumer.
#[derive(Debug)]
pub(crate) struct RouteParts {
    pub(crate) gate: Arc<Gate>,
    pub(crate) options: ChannelOptions,
    /// The places in which [`Bearer`](crate::Bearer) finds a token, besides the header.
    pub(crate) token_places: TokenPlaces,
}

/// From the router's state, as a request is given it, to what opens its session.
pub(crate) type OpenWith<S> = dyn Fn(S) -> Box<Open> + Send + Sync;

/// The way from a request that has been let in to a session: the application decides, by its
/// extractors and then by `connect`, and what one of them refuses with is the response.
///
/// What depends on the consumer is behind it, so that the rest is compiled here and not once
/// more for each.
pub(crate) type Open = dyn for<'a> FnOnce(&'a mut Parts, &'a OpeningHandshake) -> Opened<'a> + Send;

type Opened<'a> = BoxFuture<'a, Result<Session, Response>>;

impl<S: 'static> Handler<(), S> for Upgrade<S> {
    type Future = BoxFuture<'static, Response>;

    fn call(self, request: Request, state: S) -> Self::Future {
        let (parts, _) = request.into_parts();
        self.route.answer(parts, (self.open)(state))
    }
}

impl<S> Clone for Upgrade<S> {
    fn clone(&self) -> Self {
        Self {
            route: self.route.clone(),
            open: self.open.clone(),
        }
    }
}

impl RouteParts {
    fn answer(self: Arc<Self>, mut parts: Parts, open: Box<Open>) -> BoxFuture<'static, Response> {
        Box::pin(async move {
            let answer = self.try_answer(&mut parts, open).await;
            answer.unwrap_or_else(|refusal| logged(&parts, refusal))
        })
    }

    /// Checks cheapest first; the application's own extractors come last.
    async fn try_answer(&self, parts: &mut Parts, open: Box<Open>) -> Result<Response, Response> {
        let switch = Switch::read(parts, &self.options)?;
        let admitted = self.gate.admit(parts)?;
        self.token_places.tell(parts);
        let opening = open(parts, &switch.opening);
        let opened = match timeout_at(switch.deadline, opening).await {
            Ok(opened) => opened.and_then(|session| self.opened(session, parts)),
            Err(_) => Err(too_slow_response()),
        };
        match opened {
            Ok((session, place)) => Ok(switch.serve(session, (admitted, place))),
            Err(refusal) => {
                let rejecting = switch.reject(&self.gate, &self.options, parts, refusal, admitted);
                rejecting.await
            }
        }
    }

    /// The session with its user's place, unless the server shuts down or has no room.
    fn opened(
        &self,
        session: Session,
        parts: &Parts,
    ) -> Result<(Session, Option<Place>), Response> {
        let session = match parts.extensions.get::<TestConnection>() {
            Some(test) => test.listen(session),
            None => session,
        };
        self.gate.check_open()?;
        let place = self.gate.admit_user(session.user().cloned())?;
        Ok((session, place))
    }
}

/// Opens sessions of a consumer.
pub(crate) fn of_consumer<C, S>(endpoint: Endpoint<C>) -> Arc<OpenWith<S>>
where
    C: Channel + Connect,
    C::Handshake: FromRequestParts<S>,
    S: Send + Sync + 'static,
{
    let endpoint = Arc::new(endpoint);
    Arc::new(move |state| {
        let endpoint = endpoint.clone();
        Box::new(move |parts, opening| {
            Box::pin(async move {
                let consumer = connect::<C, S>(parts, &state).await?;
                let (request, completion_frames) = asked(parts, opening, endpoint.options());
                Ok(Session::with_completion_frames(
                    &endpoint,
                    consumer,
                    request,
                    completion_frames,
                ))
            })
        })
    })
}

/// Opens sessions of the topic that has a pattern, each on a connection of its own.
pub(crate) fn of_topic<H, S>(endpoint: Endpoint<H>, pattern: &'static str) -> Arc<OpenWith<S>>
where
    H: Channel + Connect,
    H::Handshake: FromRequestParts<S>,
    S: Send + Sync + 'static,
{
    let endpoint = Arc::new(endpoint);
    Arc::new(move |state| {
        let endpoint = endpoint.clone();
        Box::new(move |parts, opening| {
            Box::pin(async move {
                let hub = connect::<H, S>(parts, &state).await?;
                let (request, completion_frames) = asked(parts, opening, endpoint.options());
                let parameters = path_parameters(parts).await?;
                let topic = endpoint.topic(pattern, |name: &str| value_of(&parameters, name));
                let topic =
                    topic.ok_or_else(|| into_response(&Rejection::not_found("no such topic")))?;
                Session::of_topic(&endpoint, topic, hub, request, completion_frames)
                    .await
                    .map_err(|rejection| into_response(&rejection))
            })
        })
    })
}

/// The consumer that the application makes of a request.
async fn connect<C, S>(parts: &mut Parts, state: &S) -> Result<C, Response>
where
    C: Connect,
    C::Handshake: FromRequestParts<S>,
    S: Send + Sync,
{
    let handshake = C::Handshake::from_request_parts(parts, state)
        .await
        .map_err(IntoResponse::into_response)?;
    C::connect(handshake)
        .await
        .map_err(|rejection| into_response(&rejection))
}

// What does not depend on the consumer stands in functions of its own, and what waits is
// boxed in them, so that it is compiled here and not once more for each consumer.

/// What a consumer is told of its request, and which frames its client is sent besides.
fn asked(
    parts: &Parts,
    opening: &OpeningHandshake,
    options: &ChannelOptions,
) -> (RequestInfo, CompletionFrames) {
    let completion_frames = match parts.extensions.get::<TestConnection>() {
        Some(_) => CompletionFrames::OnTopicsToo,
        None => options.socket().completion_frames.into(),
    };
    (information(parts, opening, options), completion_frames)
}

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
