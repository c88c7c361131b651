//! From an HTTP request to a running session, or to a refusal.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Request, State, WebSocketUpgrade},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any},
};
use chanx_core::{Channel, Consumer, Endpoint, Rejection, RequestInfo, Session};
use http::{StatusCode, request::Parts};
use tokio::time::{Instant, timeout_at};
use tracing::{debug, warn};

use crate::{
    origin::Origins,
    rejection::{refuse, upgrade_required},
    socket::AxumSocket,
    waiting::Waiting,
};

/// How much is gathered before it is written, unless it is flushed before.
const WRITE_BUFFER: usize = 16 * 1024;

/// What one route needs to answer a request.
#[derive(Debug)]
pub(crate) struct Upgrade<C> {
    pub(crate) endpoint: Arc<Endpoint<C>>,
    pub(crate) origins: Arc<Origins>,
}

/// Switches completion frames on for one connection: how test clients do it.
#[derive(Debug, Clone, Copy)]
pub struct CompletionFrames;

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
        upgrade
            .answer(&mut parts, &state)
            .await
            .unwrap_or_else(|refusal| refusal)
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
        if !self.origins.permit(parts) {
            warn!(channel = C::NAME, "refused a page of another origin");
            return Err(refuse(&Rejection::forbidden("origin not allowed")));
        }
        let handshake = timeout_at(deadline, self.handshake(parts, state));
        let consumer = handshake.await.map_err(|_| too_slow())??;
        let session = self.session(consumer, parts);
        Ok(self.switch(upgrade, session, deadline))
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

    fn session(&self, consumer: C, parts: &Parts) -> Session<C> {
        let request = RequestInfo::new(parts.method.clone(), parts.uri.clone());
        let endpoint = self.endpoint.clone();
        match parts.extensions.get::<CompletionFrames>() {
            Some(_) => Session::with_completion_frames(endpoint, consumer, request, true),
            None => Session::new(endpoint, consumer, request),
        }
    }

    /// Answers 101 and leaves the session to the task that gets the socket.
    fn switch(
        &self,
        upgrade: WebSocketUpgrade,
        session: Session<C>,
        deadline: Instant,
    ) -> Response {
        let options = self.endpoint.options().socket();
        let waiting = Waiting::new(session);
        waiting.give_up_at(deadline);
        upgrade
            .read_buffer_size(options.read_buffer_size)
            .write_buffer_size(WRITE_BUFFER)
            .max_message_size(options.max_message_size)
            .max_frame_size(options.max_message_size)
            .on_failed_upgrade(|error| debug!(%error, "the upgrade failed"))
            .on_upgrade(async move |socket| {
                if let Some(session) = waiting.take() {
                    session.run(AxumSocket::new(socket)).await;
                }
            })
    }
}

fn too_slow() -> Response {
    let detail = "the handshake took too long";
    refuse(&Rejection::new(StatusCode::SERVICE_UNAVAILABLE, detail))
}
