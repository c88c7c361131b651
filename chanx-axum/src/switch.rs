//! The switch from HTTP to a WebSocket, or the refusal of it.
//!
//! Nothing here depends on the consumer, and futures are boxed, so that all of it is compiled
//! here and not once more for each application.

use std::time::Duration;

use axum::response::Response;
use chanx_core::{
    AuthenticationFrames, ChannelOptions, Rejection, Session, SocketSizes, deadline_after,
    wire::Foreign,
};
use futures_util::future::BoxFuture;
use http::{StatusCode, request::Parts};
use tokio::time::{Instant, timeout_at};
use tracing::debug;

use crate::{
    admission::{self, Admitted, Place},
    gate::Gate,
    handshake::OpeningHandshake,
    rejection::{Detail, into_response, rejection_of},
    request,
    socket::{Io, Socket},
};

/// A switch of protocols that has been agreed on.
pub(crate) struct Switch {
    pub(crate) opening: OpeningHandshake,
    pub(crate) deadline: Instant,
    sizes: SocketSizes,
}

impl Switch {
    /// The switch that a request asks for.
    ///
    /// # Errors
    ///
    /// The answer to a request that does not ask for a WebSocket as it should.
    pub(crate) fn read(parts: &mut Parts, options: &ChannelOptions) -> Result<Self, Response> {
        let options = options.socket();
        let deadline = deadline_after(options.handshake_timeout);
        let mut opening = OpeningHandshake::read(parts)?;
        opening.choose_subprotocol(&parts.headers, options.subprotocols);
        opening.negotiate_compression(&parts.headers, options.compression)?;
        Ok(Self {
            opening,
            sizes: options.sizes,
            deadline,
        })
    }

    /// Refuses by HTTP, or after the upgrade where the channel is so configured.
    ///
    /// A connection that is told so takes a place among those that are being
    /// refused, and none among those that are served; where no place is left,
    /// it is refused by HTTP.
    ///
    /// It has time of its own for the upgrade, as there is none left when the
    /// handshake is refused for having taken too long.
    pub(crate) fn reject<'a>(
        mut self,
        gate: &'a Gate,
        options: &'a ChannelOptions,
        parts: &'a Parts,
        refusal: Response,
        admitted: Admitted,
    ) -> BoxFuture<'a, Result<Response, Response>> {
        Box::pin(async move {
            let options = options.socket();
            if options.authentication_frames == AuthenticationFrames::Off {
                return Err(refusal);
            }
            let Some(admitted) = gate.admission.admit_refused(admitted) else {
                return Err(refusal);
            };
            let rejection = timeout_at(self.deadline, rejection_of(refusal)).await;
            let rejection = rejection.unwrap_or_else(|_| too_slow());
            log_refusal(parts, rejection.status(), Some(rejection.detail()));
            let own_time = deadline_after(options.close_timeout);
            self.deadline = self.deadline.max(own_time);
            Ok(self.tell(rejection, options.close_timeout, admitted))
        })
    }

    /// Answers 101, and has the session run on the socket; it gives back the places that
    /// it takes.
    pub(crate) fn serve(self, session: Session, places: (Admitted, Option<Place>)) -> Response {
        let (response, socket) = self.agree();
        tokio::spawn(async move {
            let Some(mut socket) = socket.await else {
                return;
            };
            socket.count_by(session.wire_counter());
            let mut socket = Some(socket);
            let let_go = |socket: Box<Socket<Io>>| in_background(Box::pin(socket.linger()));
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
        in_background(Box::pin(async move {
            let Some(mut socket) = socket.await else {
                return;
            };
            chanx_core::reject_after_upgrade(&mut socket, &rejection, close_timeout).await;
            drop(admitted);
            socket.linger().await;
        }));
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

/// Runs what few connections come to.
///
/// Boxed, because tokio's side of a task is compiled for each type of future.
fn in_background(task: BoxFuture<'static, ()>) {
    tokio::spawn(task);
}

/// The refusal, which is also told to the log.
pub(crate) fn logged(parts: &Parts, refusal: Response) -> Response {
    let detail = refusal.extensions().get::<Detail>();
    let detail = detail.map(|detail| detail.0.as_str());
    log_refusal(parts, refusal.status(), detail);
    refusal
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

pub(crate) fn too_slow_response() -> Response {
    into_response(&too_slow())
}

fn too_slow() -> Rejection {
    let detail = "the handshake took too long";
    Rejection::new(StatusCode::SERVICE_UNAVAILABLE, detail)
}
