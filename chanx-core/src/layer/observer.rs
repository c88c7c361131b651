//! The observer of what is published.

use super::LayerError;
use crate::connection::{Publication, Receipt};

/// Watches what is published by way of a layer.
///
/// For tests, for counting, for keeping quiet while an application is being
/// maintained. Give it to [`ChannelLayer::with_observer`](super::ChannelLayer::with_observer).
/// It runs in the task of whoever publishes, who waits for it.
///
/// # Panics
///
/// A panic is the publisher's: in a handler it ends the connection.
///
/// # Examples
///
/// ```
/// use std::sync::{Arc, atomic::{AtomicBool, Ordering}};
///
/// use chanx::{Broadcaster, ChannelLayer, Connect, Consumer, Ping, channel};
/// use chanx::layer::{Observer, Publication};
///
/// /// Delivers nothing while it is closed.
/// struct Gate(Arc<AtomicBool>);
///
/// impl Observer for Gate {
///     fn publishing(&self, _: &Publication) -> bool {
///         !self.0.load(Ordering::Relaxed)
///     }
/// }
/// # #[derive(Default, Connect, Consumer)]
/// # struct Room;
/// # #[channel(name = "room", groups = ["lobby"], sends(Ping))]
/// # impl Room {}
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), chanx::PublishError> {
/// let closed = Arc::new(AtomicBool::new(true));
/// let layer = ChannelLayer::new().with_observer(Gate(closed.clone()));
///
/// let receipt = Broadcaster::<Room>::new(&layer).broadcast(Ping).await?;
/// assert_eq!(receipt.reached, 0);
/// # Ok(())
/// # }
/// ```
pub trait Observer: Send + Sync + 'static {
    /// Sees a publication before anybody has got it; `false` keeps it from everybody.
    ///
    /// What is kept back counts as published: the publisher gets an empty receipt.
    fn publishing(&self, publication: &Publication) -> bool;

    /// Sees what became of a publication, once it has been delivered.
    ///
    /// Not called where it was kept back, or where the publisher was cancelled
    /// half-way.
    fn published(&self, _publication: &Publication, _published: &Result<Receipt, LayerError>) {}
}
