//! Handlers that several channels include.

mod hooks;
mod routes;

pub(super) use hooks::PartHooks;

use super::PartOf;
use crate::consumer::Context;

impl<C> Context<C> {
    /// The context of a part, for a method of the part that a handler or hook of the
    /// consumer calls.
    ///
    /// What the part declares to send is sent by it.
    ///
    /// # Examples
    ///
    /// ```
    /// use chanx::{Connect, Consumer, Context, HandlerError, Message, Part, Ping, channel, handlers};
    /// # use schemars::JsonSchema;
    /// # use serde::{Deserialize, Serialize};
    ///
    /// # #[derive(Serialize, Deserialize, JsonSchema, Message)]
    /// # struct Seen;
    /// #[derive(Default, Part)]
    /// struct Presence;
    ///
    /// #[handlers(sends(Seen))]
    /// impl Presence {
    ///     async fn seen(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
    ///         ctx.broadcast(Seen).await?;
    ///         Ok(())
    ///     }
    /// }
    ///
    /// #[derive(Default, Connect, Consumer)]
    /// struct Room {
    ///     presence: Presence,
    /// }
    ///
    /// #[channel(name = "room", groups = ["lobby"], include(self.presence: Presence))]
    /// impl Room {
    ///     #[ws_handler]
    ///     async fn ping(&mut self, _: Ping, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
    ///         self.presence.seen(ctx.part()).await
    ///     }
    /// }
    /// ```
    pub fn part<P: PartOf<C>>(&mut self) -> &mut Context<P> {
        self.lend()
    }
}
