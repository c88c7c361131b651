//! What fails in handlers and hooks, for a test to tell.

use tokio::sync::mpsc;

/// Where failures are sent beside being logged; outside of tests, nowhere.
#[derive(Debug, Default)]
pub(super) struct Failures(Option<mpsc::UnboundedSender<String>>);

impl Failures {
    pub(super) fn to(sender: mpsc::UnboundedSender<String>) -> Self {
        Self(Some(sender))
    }

    pub(super) fn tell(&self, failure: impl FnOnce() -> String) {
        if let Some(sender) = &self.0 {
            // An error says that the test is over.
            let _ = sender.send(failure());
        }
    }
}
