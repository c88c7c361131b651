//! How a publication is written: builders that are sent when awaited.

mod broadcast;
mod close;
mod event;
mod groups;

pub use broadcast::Broadcast;
pub use close::Close;
pub use event::EventBroadcast;
pub use groups::{Groups, NamesGroups};

use futures_util::future::{BoxFuture, FutureExt, ready};
use tracing::debug;

use crate::{
    channel::Channel,
    connection::{Content, Origin, Publication, Receipt, Target},
    consumer::Failure,
    layer::{ChannelLayer, LayerError},
    wire::EncodeError,
};

/// Why something was not published.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// No group was named, and there is none to fall back on.
    #[error("no group: name one with `.to(…)`, join one, or declare `groups` on the channel")]
    NoGroup,
    /// The message cannot be represented as JSON.
    #[error("the message could not be encoded")]
    Encode(#[from] EncodeError),
    /// The layer refused or failed.
    #[error(transparent)]
    Layer(#[from] LayerError),
    /// A blocking publication was tried on a thread of an async runtime.
    #[error("`.blocking()` was called inside an async runtime: await the publication instead")]
    InsideRuntime,
}

impl Failure for PublishError {}

/// Where a publication comes from and where it goes.
#[derive(Debug)]
struct Address<'a, T> {
    layer: &'a ChannelLayer,
    channel: &'static str,
    target: T,
    origin: Option<Origin>,
    exclude_origin: bool,
}

impl<'a, T: Into<Target>> Address<'a, T> {
    fn of<C: Channel>(layer: &'a ChannelLayer, target: T, origin: Option<Origin>) -> Self {
        Self {
            layer,
            channel: C::NAME,
            target,
            origin,
            exclude_origin: false,
        }
    }

    fn publish(self, content: Result<Content, EncodeError>) -> Publishing<'a> {
        let target = self.target.into();
        if matches!(&target, Target::Groups(groups) if groups.is_empty()) {
            return ready(Err(PublishError::NoGroup)).boxed();
        }
        let publication = Publication {
            channel: self.channel,
            target,
            content: match content {
                Ok(content) => content,
                Err(error) => return ready(Err(error.into())).boxed(),
            },
            origin: self.origin,
            exclude_origin: self.exclude_origin,
        };
        let channel = self.channel;
        let layer = self.layer;
        Box::pin(async move {
            let receipt = layer.publish(&publication).await?;
            debug!(channel, receipt.reached, receipt.dropped, "published");
            Ok(receipt)
        })
    }
}

type Publishing<'a> = BoxFuture<'a, Result<Receipt, PublishError>>;

/// Waits for a publication on a plain thread.
fn block_on(publishing: Publishing<'_>) -> Result<Receipt, PublishError> {
    if tokio::runtime::Handle::try_current().is_ok() {
        return Err(PublishError::InsideRuntime);
    }
    futures_executor::block_on(publishing)
}
