//! The hooks of a part.

use std::future::Future;

use super::{Context, HandlerError};
use crate::connection::Disconnect;

/// State and handlers that several consumers include.
///
/// Its handlers stand in a block under `#[handlers]`; a consumer holds it in a field
/// and includes it: `#[channel(…, include(self.field: Part))]`. This trait has the
/// hooks that run with the consumer's. Neither has to be written: where none is,
/// derive it.
///
/// What a part does, it does as its consumer: its messages and events are the
/// channel's, it broadcasts to the groups of the connection, and handlers of the two
/// never overlap. Its state is the connection's own.
///
/// # Ordering
///
/// `connected` of the parts runs before that of the consumer, in the order in which
/// they are included; `disconnected` runs behind it, in the opposite order. A part
/// that includes others stands behind them.
///
/// # Panics
///
/// As in the hooks of a [`Consumer`](crate::Consumer). Where `disconnected` of one
/// panics, those of the others still run.
///
/// # Examples
///
/// ```
/// use chanx::{
///     Connect, Consumer, Context, Disconnect, HandlerError, Message, Part, channel, handlers,
/// };
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// struct Type {
///     who: String,
/// }
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// struct Typing {
///     who: String,
/// }
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// struct Stopped {
///     who: String,
/// }
///
/// #[derive(Default)]
/// struct Keyboard {
///     who: Option<String>,
/// }
///
/// impl Part for Keyboard {
///     async fn disconnected(
///         &mut self,
///         ctx: &mut Context<Self>,
///         _why: Disconnect,
///     ) -> Result<(), HandlerError> {
///         if let Some(who) = self.who.take() {
///             ctx.broadcast(Stopped { who }).await?;
///         }
///         Ok(())
///     }
/// }
///
/// #[handlers(sends(Stopped))]
/// impl Keyboard {
///     #[ws_handler(sends(Typing))]
///     async fn typed(&mut self, typed: Type, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
///         let who = self.who.insert(typed.who).clone();
///         ctx.broadcast(Typing { who }).exclude_current().await?;
///         Ok(())
///     }
/// }
///
/// #[derive(Default, Connect, Consumer)]
/// struct Room {
///     keyboard: Keyboard,
/// }
///
/// #[channel(name = "room", groups = ["lobby"], include(self.keyboard: Keyboard))]
/// impl Room {}
/// #
/// # use chanx::{Channels, ChannelLayer};
/// # use chanx_testing::Communicator;
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// # let app = Channels::new(ChannelLayer::new()).route::<Room>("/ws").into_router();
///
/// let mut ali = Communicator::<Room>::connect(&app, "/ws").await;
/// let mut other = Communicator::<Room>::connect(&app, "/ws").await;
/// ali.send(&Type { who: "Ali".to_owned() }).await;
/// assert_eq!(other.receive::<Typing>().await.who, "Ali");
/// ali.close(1000).await;
/// assert_eq!(other.receive::<Stopped>().await.who, "Ali");
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a part",
    label = "not a part",
    note = "add `#[derive(Part)]` to `{Self}`, or implement `Part` for it where a hook is to do something"
)]
pub trait Part: Sized + Send + 'static {
    /// Runs when a connection begins, before the consumer's
    /// [`connected`](crate::Consumer::connected).
    ///
    /// # Errors
    ///
    /// As the consumer's own: logged, and the connection is closed with 1011. What
    /// stands behind it does not run.
    fn connected(
        &mut self,
        ctx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send {
        let _ = ctx;
        async { Ok(()) }
    }

    /// Runs when the connection is over, behind the consumer's
    /// [`disconnected`](crate::Consumer::disconnected) and whatever became of that.
    ///
    /// It runs exactly when a `connected` was started, of the consumer or of any of its
    /// parts. All of these together have
    /// [`ChannelOptions::disconnect_timeout`](crate::ChannelOptions::disconnect_timeout).
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
}
