//! A broadcaster as an argument of an HTTP handler.

use std::convert::Infallible;

use axum_core::extract::{FromRef, FromRequestParts};
use http::request::Parts;

use super::Broadcaster;
use crate::{channel::Channel, layer::ChannelLayer};

impl<S, C> FromRequestParts<S> for Broadcaster<C>
where
    S: Send + Sync,
    C: Channel,
    S: HasLayer,
{
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::new(&state.layer()))
    }
}

/// An application state that a [`ChannelLayer`] can be taken from.
///
/// Implement `FromRef<State>` for [`ChannelLayer`], or derive it; not this.
/// Every state with `ChannelLayer: FromRef<State>` is one; this trait is what tells
/// how to get there.
#[diagnostic::on_unimplemented(
    message = "the state `{Self}` has no chanx layer",
    label = "no `ChannelLayer` can be taken from `{Self}`",
    note = "add a field `layer: ChannelLayer` to `{Self}`, and `#[derive(FromRef)]`"
)]
pub trait HasLayer {
    /// The layer.
    fn layer(&self) -> ChannelLayer;
}

#[diagnostic::do_not_recommend]
impl<S> HasLayer for S
where
    ChannelLayer: FromRef<S>,
{
    fn layer(&self) -> ChannelLayer {
        ChannelLayer::from_ref(self)
    }
}
