//! The end of subscriptions.

use std::future::IntoFuture;

use super::{
    PublishError,
    address::{Address, Publishing, block_on},
    groups::Groups,
};
use crate::connection::{Content, Receipt};

/// The end of subscriptions, carried out when awaited.
///
/// Each client is told `unsubscribed` with reason and detail. What waits for
/// the consumer is dropped: its events are counted, and its messages answered
/// as those of a topic that is not subscribed to. The handler that runs
/// finishes, and `disconnected` runs with
/// [`Disconnect::Ended`](crate::Disconnect::Ended). Awaiting it does not wait
/// for that. A client may subscribe again.
///
/// # Errors
///
/// [`PublishError::NoGroup`] where there is no group to reach,
/// [`PublishError::Layer`] where the one connection or subscription is gone.
#[derive(Debug)]
#[must_use = "subscriptions end when it is awaited"]
pub struct Unsubscribe<'a> {
    address: Address<'a>,
    reason: String,
    detail: String,
}

impl<'a> Unsubscribe<'a> {
    pub(super) fn new(address: Address<'a>, reason: String, detail: String) -> Self {
        Self {
            address,
            reason,
            detail,
        }
    }

    /// Names the groups whose subscriptions end, in place of those it went to before.
    pub fn to(mut self, groups: impl Into<Groups>) -> Self {
        self.address.target = groups.into().into();
        self
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

impl<'a> IntoFuture for Unsubscribe<'a> {
    type Output = Result<Receipt, PublishError>;
    type IntoFuture = Publishing<'a>;

    fn into_future(self) -> Self::IntoFuture {
        self.address.publish(Ok(Content::Unsubscribe {
            reason: self.reason,
            detail: self.detail,
        }))
    }
}
