//! The state of the way to other nodes.

use std::future::Future;

use tokio::sync::watch;

/// The state of the way to other nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Up,
    /// Publications go out, and nothing comes back.
    Deaf,
    /// The broker says that it cannot be reached.
    Away,
}

/// The state of the way to other nodes, for whoever waits for its turns.
#[derive(Debug)]
pub(super) struct Way(watch::Sender<State>);

impl Way {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(State::Up))
    }

    pub(super) fn state(&self) -> State {
        *self.0.borrow()
    }

    /// Waits until it is so. Cancel safe.
    pub(super) async fn comes_to(&self, is_so: impl Fn(State) -> bool) {
        let mut way = self.0.subscribe();
        // An error says that the sender is gone, which is here.
        let _ = way.wait_for(|state| is_so(*state)).await;
    }

    /// Says whether it has turned.
    pub(super) fn turn(&self, from: impl Fn(State) -> bool, to: State) -> bool {
        self.0.send_if_modified(|state| {
            let turns = *state != to && from(*state);
            if turns {
                *state = to;
            }
            turns
        })
    }

    /// Waits until it is another than it is now. Cancel safe.
    pub(super) fn turned(&self) -> impl Future<Output = ()> + use<> {
        let mut way = self.0.subscribe();
        async move {
            // An error says that the sender is gone, and with it the link.
            let _ = way.changed().await;
        }
    }
}
