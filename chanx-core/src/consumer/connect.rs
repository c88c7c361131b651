//! The trait that makes a connection's consumer from its request.

use std::future::Future;

use super::{Consumer, Rejection};

/// A consumer that has a route: what its handshake reads, and whom it lets in.
///
/// For a `Default` struct that asks nothing of the request, derive it.
///
/// # Panics
///
/// [`connect`](Self::connect) runs before the upgrade, where a panic ends the
/// request without a response.
///
/// # Examples
///
/// ```
/// use chanx::{Bearer, Connect, Consumer, Rejection};
///
/// #[derive(Consumer)]
/// struct Inbox {
///     user: String,
/// }
///
/// impl Connect for Inbox {
///     // With axum also `(Path<String>, State<Db>, Bearer)` and the like.
///     type Handshake = Bearer;
///
///     async fn connect(token: Bearer) -> Result<Self, Rejection> {
///         match token.as_str().strip_prefix("user-") {
///             Some(user) => Ok(Self { user: user.to_owned() }),
///             None => Err(Rejection::unauthorized("unknown token")),
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot have a route: nothing says how a client connects to it",
    label = "no `impl Connect`",
    note = "implement `Connect` for `{Self}`, or `#[derive(Default, Connect)]` if it asks nothing of the request",
    note = "where it is only ever a topic's, its route is `topic_route`, on the channel that has the topic"
)]
pub trait Connect: Consumer {
    /// The parts of the request that it needs: one extractor, or a tuple of them.
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
}
