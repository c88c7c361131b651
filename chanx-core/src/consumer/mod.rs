//! A consumer as an application writes it: its hooks, and what its handlers get and
//! return.

mod connect;
mod context;
mod error;
mod failure;
mod handle;
mod part;
mod refusal;
mod rejection;
mod reply;
mod request;
mod sending;
mod streamed;

pub use connect::Connect;
pub use context::Context;
pub use error::HandlerError;
pub use failure::Failure;
pub use handle::Handle;
pub use part::Part;
pub use refusal::Refusal;
pub use rejection::Rejection;
pub(crate) use reply::Frames;
pub use reply::{Finite, Replies, Reply};
pub use request::RequestInfo;
pub use sending::{SendError, SendFuture};
pub(crate) use streamed::{FrameStream, StreamError};
pub use streamed::{Piece, Streamed};

use std::{future::Future, time::SystemTime};

use crate::{connection::Disconnect, identity::UserKey, wire::ErrorPayload};

/// One client's side of the application: a value per connection.
///
/// Its handlers stand in a block under `#[channel]`; this trait has the hooks of
/// its lifecycle. None of them has to be written: where none is, derive it.
///
/// ```text
/// Connect::connect ─▶ (upgrade) ─▶ connected ─▶ handlers … ─▶ disconnected
/// ```
///
/// What a client needs to connect is apart from it, in [`Connect`]. Handlers and
/// hooks of one connection never overlap, so `&mut self` needs no lock.
///
/// # Ordering
///
/// Messages are handled in the order in which the client sent them, events in
/// the order in which they were published. Between the two there is no order,
/// only fairness: neither keeps the other waiting.
///
/// # Backpressure
///
/// While a handler runs, what the client sends waits: up to
/// [`ChannelOptions::inbox_bytes`](crate::ChannelOptions::inbox_bytes), then on its side of
/// the network. Events wait up to
/// [`ChannelOptions::mailbox_events`](crate::ChannelOptions::mailbox_events).
///
/// # Cancel safety
///
/// A running handler or `connected` goes on when the client leaves, the connection
/// fails or the server closes it, and what was received before is handled behind
/// it, unless the connection is closed for cause. It is dropped at its current
/// await only after
/// [`ChannelOptions::finish_timeout`](crate::ChannelOptions::finish_timeout), or at
/// the deadline of a shutdown. Work that takes longer belongs in a spawned task,
/// which may keep [`Context::handle`].
/// `disconnected` is dropped only after
/// [`ChannelOptions::disconnect_timeout`](crate::ChannelOptions::disconnect_timeout), or at
/// the deadline of a shutdown; `expiring` also where the connection fails.
///
/// # Panics
///
/// A panic in `connected` or a handler ends the connection with close code
/// 1011; [`disconnected`](Self::disconnected) still runs, on a consumer that
/// may be half changed. A panic in `disconnected` or `expiring` is logged.
/// [`identity`](Self::identity) and [`expires_at`](Self::expires_at) run before
/// the upgrade, where a panic ends the request without a response.
///
/// # Examples
///
/// ```
/// use chanx::{
///     Bearer, Connect, Consumer, Context, Disconnect, HandlerError, Message, Rejection, channel,
/// };
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// struct Left {
///     who: String,
/// }
///
/// struct Room {
///     who: String,
/// }
///
/// impl Connect for Room {
///     type Handshake = Bearer; // any axum extractor, or a tuple of them
///
///     async fn connect(token: Bearer) -> Result<Self, Rejection> {
///         match token.as_str() {
///             "sesame" => Ok(Self { who: "Ali".to_owned() }),
///             _ => Err(Rejection::unauthorized("unknown token")),
///         }
///     }
/// }
///
/// impl Consumer for Room {
///     async fn disconnected(
///         &mut self,
///         ctx: &mut Context<Self>,
///         _why: Disconnect,
///     ) -> Result<(), HandlerError> {
///         ctx.broadcast(Left { who: self.who.clone() }).await?;
///         Ok(())
///     }
/// }
///
/// #[channel(name = "room", groups = ["lobby"], sends(Left))]
/// impl Room {}
/// #
/// # use chanx::{Channels, ChannelLayer};
/// # use chanx_testing::Communicator;
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// # let app = Channels::new(ChannelLayer::new()).route::<Room>("/ws").into_router();
///
/// let ali = Communicator::<Room>::builder(&app, "/ws").bearer("sesame").connect().await;
/// let mut other = Communicator::<Room>::builder(&app, "/ws").bearer("sesame").connect().await;
/// ali.close(1000).await;
/// assert_eq!(other.receive::<Left>().await.who, "Ali");
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a chanx consumer",
    label = "not a consumer",
    note = "add `#[derive(Consumer)]` to `{Self}`, or implement `Consumer` for it where a hook is to do something"
)]
pub trait Consumer: Sized + Send + 'static {
    /// Runs once the upgrade has completed, before any message is handled.
    ///
    /// The groups that the channel declares have been joined: what is published
    /// to them meanwhile may reach the client before what is sent here. Events
    /// wait until this has returned.
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
    /// broadcast tells those who stay. The client is gone, so
    /// [`Context::send`](crate::Context::send) is Ok and sends nothing. When it
    /// returns, or after
    /// [`ChannelOptions::disconnect_timeout`](crate::ChannelOptions::disconnect_timeout), the
    /// connection leaves its groups.
    ///
    /// It does not run where `connected` was not started: the handshake was refused, the
    /// upgrade failed, a declared group could not be joined, or the client had left again
    /// without a message.
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
    /// Asked once, after [`connect`](Connect::connect). Connections that answer
    /// the same key can be reached and closed together, by `Broadcaster::user`,
    /// and count together for `Channels::max_connections_per_user`.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::Consumer;
    /// use chanx::UserKey;
    ///
    /// # struct Inbox { user: u64 }
    /// impl Consumer for Inbox {
    ///     fn identity(&self) -> Option<UserKey> {
    ///         Some(self.user.into())
    ///     }
    /// }
    /// ```
    fn identity(&self) -> Option<UserKey> {
        None
    }

    /// The moment at which the client's credentials expire.
    ///
    /// Asked once, after [`connect`](Connect::connect). At that time the running
    /// handler finishes, messages that wait behind it are dropped and counted,
    /// [`expiring`](Self::expiring) runs, then the connection closes with 4401. For a
    /// time in the past that is at once.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::Consumer;
    /// use std::time::{Duration, SystemTime};
    ///
    /// # struct Inbox { token_expires: u64 }
    /// impl Consumer for Inbox {
    ///     fn expires_at(&self) -> Option<SystemTime> {
    ///         Some(SystemTime::UNIX_EPOCH + Duration::from_secs(self.token_expires))
    ///     }
    /// }
    /// ```
    fn expires_at(&self) -> Option<SystemTime> {
        None
    }

    /// Runs when the credentials have expired, before the connection closes.
    ///
    /// The client can still be sent to; no more of its messages are handled.
    /// Skipped where [`connected`](Self::connected) was not started.
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
    /// By default the error as it is. Asked for every `error` frame that
    /// answers something, the framework's own refusals among them; not for
    /// `lagged`, which answers nothing. A panic closes with 1011.
    ///
    /// # Examples
    ///
    /// ```
    /// use chanx::{Consumer, wire::ErrorPayload};
    ///
    /// # struct Vault;
    /// impl Consumer for Vault {
    ///     /// Violations are told, anything else is nobody's business.
    ///     fn render_error(&self, error: ErrorPayload) -> ErrorPayload {
    ///         match error {
    ///             ErrorPayload::Violations(_) => error,
    ///             _ => ErrorPayload::detail("something went wrong"),
    ///         }
    ///     }
    /// }
    /// ```
    fn render_error(&self, error: ErrorPayload) -> ErrorPayload {
        error
    }
}
