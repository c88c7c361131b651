//! The source and the target of a publication.

use futures_util::future::{BoxFuture, FutureExt, ready};
use tracing::debug;

use super::PublishError;
use crate::{
    channel::Channel,
    connection::{Content, Counters, Origin, Publication, Receipt, Target},
    identity::UserKey,
    layer::ChannelLayer,
    wire::EncodeError,
};

/// The source and the target of a publication.
#[derive(Debug)]
pub(super) struct Address<'a> {
    layer: &'a ChannelLayer,
    channel: &'static str,
    /// Of the connection that publishes, where one does.
    pub(super) counters: Option<&'a Counters>,
    pub(super) target: Target,
    pub(super) origin: Option<Origin>,
    pub(super) exclude_origin: bool,
    pub(super) with_metadata: bool,
    pub(super) seq: Option<u64>,
}

impl<'a> Address<'a> {
    pub(super) fn of<C: Channel>(layer: &'a ChannelLayer, target: Target) -> Self {
        Self::in_channel(C::NAME, layer, target)
    }

    pub(super) fn in_channel(
        channel: &'static str,
        layer: &'a ChannelLayer,
        target: Target,
    ) -> Self {
        Self {
            layer,
            channel,
            counters: None,
            target,
            origin: None,
            exclude_origin: false,
            with_metadata: false,
            seq: None,
        }
    }

    /// Names the user that a message is from.
    pub(super) fn send_on_behalf_of(&mut self, user: UserKey) {
        let origin = self.origin.get_or_insert_default();
        origin.user = Some(user);
    }

    pub(super) fn publish(self, content: Result<Content, EncodeError>) -> Publishing<'a> {
        if matches!(&self.target, Target::Groups(groups) if groups.is_empty()) {
            return ready(Err(PublishError::NoGroup)).boxed();
        }
        let content = match content {
            Ok(content) => content,
            Err(error) => {
                if let Some(counters) = self.counters {
                    Counters::add(&counters.messages_unsendable, 1);
                }
                return ready(Err(error.into())).boxed();
            }
        };
        let mut publication = Publication::new(self.channel, self.target, content);
        publication.origin = self.origin;
        publication.exclude_origin = self.exclude_origin;
        publication.with_metadata = self.with_metadata;
        publication.seq = self.seq;
        let channel = self.channel;
        let layer = self.layer;
        Box::pin(async move {
            let receipt = layer.publish(&publication).await?;
            debug!(channel, receipt.reached, receipt.dropped, "published");
            Ok(receipt)
        })
    }
}

pub(super) type Publishing<'a> = BoxFuture<'a, Result<Receipt, PublishError>>;

/// Waits for a publication on a plain thread.
pub(super) fn block_on(publishing: Publishing<'_>) -> Result<Receipt, PublishError> {
    if tokio::runtime::Handle::try_current().is_ok() {
        return Err(PublishError::InsideRuntime);
    }
    pollster::block_on(publishing)
}
