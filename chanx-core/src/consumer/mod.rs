//! What an application writes: a consumer, its hooks, what its handlers get and return.

mod context;
mod disconnect;
mod error;
mod handle;
mod rejection;
mod reply;
mod request;
mod sending;

pub use context::Context;
pub use disconnect::Disconnect;
pub use error::HandlerError;
pub use handle::Handle;
pub use rejection::Rejection;
pub(crate) use reply::Frames;
pub use reply::{Replies, Reply};
pub use request::RequestInfo;
pub use sending::{SendError, Sending};

use std::{future::Future, time::SystemTime};

use crate::UserKey;

/// One client's side of the application: a value per connection.
///
/// Its handlers stand in a block under `#[channel]`; this trait is its
/// lifecycle:
///
/// ```text
/// connect ─▶ (upgrade) ─▶ connected ─▶ handlers … ─▶ disconnected
/// ```
///
/// Handlers and hooks of one connection never overlap, so `&mut self` needs
/// no lock. For a `Default` struct without a handshake, derive it.
///
/// # Cancel safety
///
/// A running handler or hook is dropped at its current await when the client
/// leaves, the connection fails or the server closes it. Work that must
/// finish belongs in a spawned task, which may keep [`Context::handle`].
///
/// # Panics
///
/// A panic in a handler or hook ends the connection with close code 1011.
/// [`disconnected`](Self::disconnected) still runs, on a consumer that may be
/// half changed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a chanx consumer",
    label = "not a consumer",
    note = "implement `Consumer` for `{Self}`, or `#[derive(Default, Consumer)]` if it needs no handshake"
)]
pub trait Consumer: Sized + Send + 'static {
    /// What the request must provide: one extractor, or a tuple of them.
    ///
    /// With axum, any type that implements `FromRequestParts`: authentication,
    /// permissions, path parameters and state. `()` asks for nothing.
    type Handshake: Send;

    /// Decides whether the client may connect, and builds the consumer.
    ///
    /// Runs before the upgrade, so a refusal is an HTTP response. It must have
    /// no effect that others can see: the upgrade may still fail, and the
    /// handshake deadline may cancel it at any await.
    ///
    /// # Errors
    ///
    /// The refusal to answer with.
    fn connect(handshake: Self::Handshake) -> impl Future<Output = Result<Self, Rejection>> + Send;

    /// Runs once the upgrade has completed, before any message is handled.
    ///
    /// # Errors
    ///
    /// Logged; the client gets an error frame and close code 1011.
    fn connected(
        &mut self,
        ctx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send {
        let _ = ctx;
        async { Ok(()) }
    }

    /// Runs when the connection is over, exactly when
    /// [`connected`](Self::connected) was started.
    ///
    /// The groups still stand, this connection itself excluded, so a
    /// broadcast tells those who stay. Sending to the client fails.
    ///
    /// # Errors
    ///
    /// Logged; the clean-up goes on.
    fn disconnected(
        &mut self,
        ctx: &mut Context<Self>,
        why: Disconnect,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send {
        let _ = (ctx, why);
        async { Ok(()) }
    }

    /// The user this connection belongs to, if it belongs to one.
    ///
    /// Asked once, after [`connect`](Self::connect). Connections that answer
    /// the same key can be reached and closed together.
    fn identity(&self) -> Option<UserKey> {
        None
    }

    /// When the client's credentials expire.
    ///
    /// Asked once, after [`connect`](Self::connect). At that time
    /// [`expiring`](Self::expiring) runs, then the connection closes with 4401.
    fn expires_at(&self) -> Option<SystemTime> {
        None
    }

    /// Runs when the credentials have expired, before the connection closes.
    ///
    /// # Errors
    ///
    /// Logged; the connection closes all the same.
    fn expiring(
        &mut self,
        ctx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send {
        let _ = ctx;
        async { Ok(()) }
    }

    /// Chooses what the client sees of an error.
    ///
    /// By default the error as it is.
    fn render_error(&self, error: crate::wire::ErrorPayload) -> crate::wire::ErrorPayload {
        error
    }
}
