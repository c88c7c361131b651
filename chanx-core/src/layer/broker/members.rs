//! The members of this node, as its link to others sees them.

use futures_util::future::BoxFuture;

use super::Address;
use crate::{
    connection::{Member, Publication, Receipt},
    layer::error::LayerError,
};

/// The members of this node.
pub(in crate::layer) trait Members: Send + Sync {
    /// Delivers to the members of this node.
    fn deliver<'a>(
        &'a self,
        publication: &'a Publication,
    ) -> BoxFuture<'a, Result<Receipt, LayerError>>;

    /// Every member of every channel.
    fn everyone(&self) -> Vec<Member>;

    /// The members that these addresses lead to, each of them once.
    fn members_at(&self, addresses: &[Address]) -> Vec<Member>;
}
