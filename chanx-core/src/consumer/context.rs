//! What a handler is given beside its message.

use std::{ops::Deref, sync::Arc};

use super::Handle;
use crate::{GroupName, LayerError, RequestInfo};

/// What a handler or hook is given: its connection, its groups, its request.
///
/// Everything a [`Handle`] does, a context does too; for a spawned task, take
/// [`handle`](Self::handle) along.
#[derive(Debug)]
pub struct Context<C> {
    handle: Handle<C>,
    request: Arc<RequestInfo>,
    reference: Option<String>,
}

impl<C> Context<C> {
    pub(crate) fn new(handle: Handle<C>, request: RequestInfo) -> Self {
        Self {
            handle,
            request: Arc::new(request),
            reference: None,
        }
    }

    pub(crate) fn set_reference(&mut self, reference: Option<String>) {
        self.reference = reference;
    }

    /// A cloneable handle of the connection that spawned tasks may keep.
    #[must_use]
    pub fn handle(&self) -> Handle<C> {
        self.handle.clone()
    }

    /// Joins a group of this consumer's. Joining again does nothing.
    ///
    /// # Cancel safety
    ///
    /// Cancelled, the group may have been joined.
    ///
    /// # Errors
    ///
    /// [`LayerError::TooManyGroups`] and [`LayerError::GroupName`] at the
    /// connection's limits, and whatever the layer fails with.
    pub async fn join(&mut self, group: impl Into<GroupName>) -> Result<(), LayerError> {
        let group = group.into();
        self.handle
            .layer()
            .join(self.handle.recipient(), group)
            .await
    }

    /// Leaves a group. Leaving one that was never joined does nothing.
    ///
    /// # Cancel safety
    ///
    /// Cancelled, the group may have been left.
    ///
    /// # Errors
    ///
    /// Whatever the layer fails with.
    pub async fn leave(&mut self, group: impl Into<GroupName>) -> Result<(), LayerError> {
        let group = group.into();
        self.handle
            .layer()
            .leave(self.handle.recipient(), &group)
            .await
    }

    /// The request that opened the connection.
    #[must_use]
    pub fn request(&self) -> &RequestInfo {
        &self.request
    }

    /// The `ref` of the message being handled, if it has one.
    #[must_use]
    pub fn request_ref(&self) -> Option<&str> {
        self.reference.as_deref()
    }
}

impl<C> Deref for Context<C> {
    type Target = Handle<C>;

    fn deref(&self) -> &Handle<C> {
        &self.handle
    }
}
