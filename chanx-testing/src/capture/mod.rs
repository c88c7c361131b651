//! The publications of an application, captured without a socket.

mod published;

pub use published::Published;

use std::{fmt, sync::Arc};

use chanx_core::{
    Channel, ChannelLayer, EventSet, MessageSet,
    layer::{Observer, Publication},
};
use parking_lot::Mutex;

/// Notes what is published by way of a layer, and passes it on or swallows it.
///
/// It is for what has no client in it: an HTTP handler or a job that tells a
/// consumer something. The application is given its [`layer`](Self::layer).
/// Clones share what they note.
///
/// What is published is noted before it is delivered, also where nobody is
/// there to get it. A publication that names no group never comes this far.
///
/// # Examples
///
/// ```
/// use chanx::{Broadcaster, Connect, Consumer, Event, channel};
/// use chanx_testing::CaptureLayer;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Event)]
/// struct Paid {
///     cents: u64,
/// }
///
/// #[derive(Default, Connect, Consumer)]
/// struct Till;
///
/// #[channel(name = "till")]
/// impl Till {
///     #[event_handler]
///     async fn paid(&mut self, _: Paid) {}
/// }
///
/// /// The job to be tested.
/// async fn settle(tills: Broadcaster<Till>) {
///     let _ = tills.event(Paid { cents: 250 }).to("till.7").await;
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let capture = CaptureLayer::new();
/// settle(Broadcaster::new(&capture.layer())).await;
///
/// assert_eq!(capture.expect_event::<Till, Paid>("till.7"), Paid { cents: 250 });
/// capture.expect_nothing();
/// # }
/// ```
#[derive(Clone)]
pub struct CaptureLayer {
    layer: ChannelLayer,
    swallows: bool,
    published: Notes,
}

type Notes = Arc<Mutex<Vec<Published>>>;

impl CaptureLayer {
    /// A layer that passes on what it notes.
    #[must_use]
    pub fn new() -> Self {
        Self::with(false)
    }

    /// A layer that delivers nothing to anybody.
    #[must_use]
    pub fn swallowing() -> Self {
        Self::with(true)
    }

    fn with(swallows: bool) -> Self {
        let published = Notes::default();
        Self {
            layer: ChannelLayer::new().with_observer(NoteTaker {
                swallows,
                published: published.clone(),
            }),
            swallows,
            published,
        }
    }

    /// The layer for the application: always the same one.
    #[must_use]
    pub fn layer(&self) -> ChannelLayer {
        self.layer.clone()
    }

    /// Takes everything that has been published, in order.
    #[must_use]
    pub fn take(&self) -> Vec<Published> {
        std::mem::take(&mut self.published.lock())
    }

    /// Takes the first event of a type to a group of `C`.
    ///
    /// # Panics
    ///
    /// When there is none, listing what has been published.
    #[track_caller]
    pub fn expect_event<C: Channel, E: EventSet>(&self, group: &str) -> E {
        self.take_first::<C, E>("event", E::ACTIONS, group, Published::event)
    }

    /// Takes the first message of a type to a group of `C`.
    ///
    /// # Panics
    ///
    /// When there is none, listing what has been published.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Broadcaster, Connect, Consumer, Ping, PublishError, channel};
    /// # use chanx_testing::CaptureLayer;
    /// # #[derive(Default, Connect, Consumer)]
    /// # struct Room;
    /// # #[channel(name = "room", groups = ["lobby"], sends(Ping))]
    /// # impl Room {}
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), PublishError> {
    /// let capture = CaptureLayer::swallowing();
    /// let rooms = Broadcaster::<Room>::new(&capture.layer());
    /// rooms.broadcast(Ping).await?;
    ///
    /// capture.expect_message::<Room, Ping>("lobby");
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn expect_message<C: Channel, M: MessageSet>(&self, group: &str) -> M {
        self.take_first::<C, M>("message", M::ACTIONS, group, Published::message)
    }

    /// Makes sure that nothing has been published, or everything has been taken.
    ///
    /// # Panics
    ///
    /// When something is left, listing it.
    #[track_caller]
    pub fn expect_nothing(&self) {
        let published = self.published.lock();
        assert!(
            published.is_empty(),
            "expected nothing to be published\n\n{}",
            list(&published)
        );
    }

    #[track_caller]
    fn take_first<C: Channel, T>(
        &self,
        kind: &str,
        actions: &[&str],
        group: &str,
        read: fn(&Published) -> Option<T>,
    ) -> T {
        let mut published = self.published.lock();
        let found = published.iter().enumerate().find_map(|(index, published)| {
            let addressed = published.channel() == C::NAME && published.groups().contains(&group);
            let read = addressed.then(|| read(published)).flatten()?;
            Some((index, read))
        });
        let Some((index, read)) = found else {
            panic!(
                "expected the {kind} {} to group `{group}` of channel `{}`\n\n{}",
                crate::received::names(actions),
                C::NAME,
                list(&published),
            );
        };
        published.remove(index);
        read
    }
}

fn list(published: &[Published]) -> String {
    if published.is_empty() {
        return "nothing has been published".to_owned();
    }
    let lines = published.iter().map(|published| format!("  {published}\n"));
    format!("published have been\n{}", lines.collect::<String>())
}

struct NoteTaker {
    swallows: bool,
    published: Notes,
}

impl Observer for NoteTaker {
    fn publishing(&self, publication: &Publication) -> bool {
        let published = Published::new(publication.clone());
        self.published.lock().push(published);
        !self.swallows
    }
}

impl Default for CaptureLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for CaptureLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaptureLayer")
            .field("swallows", &self.swallows)
            .field("published", &*self.published.lock())
            .finish_non_exhaustive()
    }
}
