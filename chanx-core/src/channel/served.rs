//! A consumer that is being served, whatever its type.

use futures_util::future::BoxFuture;

use super::{handler::Called, route::Route};
use crate::{
    connection::{AnyEvent, Disconnect, Member},
    consumer::{HandlerError, Refusal, Rejection, RequestInfo},
    identity::Topic,
    wire::{Correlation, ErrorPayload, InvalidPayload, Payload},
};

/// A hook that has been called.
pub(crate) type Hook<'a> = BoxFuture<'a, Result<(), HandlerError>>;

/// A consumer that is being served, whatever its type: with its context and its
/// channel's handlers.
///
/// What a session runs, for the connection itself and for each subscription.
pub(crate) trait Served: Send {
    /// The connection or subscription that it is of.
    fn member(&self) -> &Member;

    /// The groups that its channel declares.
    fn declared_groups(&self) -> &'static [&'static str];

    /// True if its channel has topics.
    fn has_topics(&self) -> bool;

    /// The request that opened the connection.
    fn request(&self) -> &RequestInfo;

    /// The marks that answers to the frame being handled carry.
    fn correlation(&self) -> &Correlation<'static>;

    fn set_correlation(&mut self, correlation: &Correlation<'_>);

    /// The handler of an action, which is given as bytes: of a frame that nobody has read.
    fn route(&self, action: &[u8]) -> Option<Route>;

    /// Calls the handler of a client's message.
    ///
    /// # Errors
    ///
    /// What keeps the payload from being the handler's message.
    fn handle(&mut self, route: Route, payload: Payload<'_>) -> Result<Called<'_>, InvalidPayload>;

    /// Calls the handler of an event; `None` where there is none.
    fn handle_event(&mut self, event: AnyEvent) -> Option<Called<'_>>;

    /// Calls the method of a topic, which admits to a subscription or refuses.
    ///
    /// # Errors
    ///
    /// Where there is no such topic.
    fn admit<'a>(&'a mut self, topic: &'a Topic) -> Result<Admitting<'a>, Rejection>;

    fn connected(&mut self) -> Hook<'_>;

    fn disconnected(&mut self, why: Disconnect) -> Hook<'_>;

    fn expiring(&mut self) -> Hook<'_>;

    fn render_error(&self, error: ErrorPayload) -> ErrorPayload;
}

/// A topic's method that has been called.
pub(crate) type Admitting<'a> = BoxFuture<'a, Result<Box<dyn Served>, Refusal>>;

/// The place in which a subscription lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// On a connection that is there anyway.
    Beside,
    /// On a route of its own: the connection is the subscription.
    OfItsOwn,
}
