//! The end of connections or subscriptions.

use std::future::IntoFuture;

use super::{
    PublishError,
    address::{Address, Publishing, block_on},
};
use crate::connection::{Content, Receipt};

/// The end of one connection or subscription, or of all of a user's, carried out
/// when awaited.
///
/// What is queued is still written, then the close frame. Awaiting it does not
/// wait for that, nor for `disconnected`.
///
/// # Errors
///
/// [`PublishError::Layer`] where the one connection is gone or another
/// consumer's. A user without connections is no error.
#[derive(Debug)]
#[must_use = "a close is carried out when it is awaited"]
pub struct Close<'a> {
    address: Address<'a>,
    content: Content,
}

impl<'a> Close<'a> {
    pub(super) fn new(address: Address<'a>, content: Content) -> Self {
        Self { address, content }
    }

    /// Carries it out from a plain thread.
    ///
    /// # Errors
    ///
    /// [`PublishError::InsideRuntime`] on a runtime's thread, one of
    /// `spawn_blocking` included; otherwise as when awaited.
    pub fn blocking(self) -> Result<Receipt, PublishError> {
        block_on(self.into_future())
    }
}

impl<'a> IntoFuture for Close<'a> {
    type Output = Result<Receipt, PublishError>;
    type IntoFuture = Publishing<'a>;

    fn into_future(self) -> Self::IntoFuture {
        self.address.publish(Ok(self.content))
    }
}
