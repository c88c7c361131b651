//! The mark of a test client's request.

use std::sync::Arc;

use chanx_core::Session;
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};

/// Marks a request as a test client's.
///
/// For this connection alone completion frames are on, on topics too, and the test
/// is told when `connected` has returned and what fails: applications need no
/// configuration for tests.
#[derive(Debug, Clone)]
pub struct TestConnection(Arc<Mutex<Option<Signalling>>>);

/// The signals that a test gets of a connection.
#[derive(Debug)]
pub struct TestSignals {
    /// `connected` has returned; an error where it will not.
    pub connected: oneshot::Receiver<()>,
    /// The failures of handlers and hooks, as they are logged.
    pub failures: mpsc::UnboundedReceiver<String>,
    /// The topic, on a topic's own route: it is there before the response is.
    pub topic: oneshot::Receiver<Option<String>>,
}

/// The session's end of [`TestSignals`].
#[derive(Debug)]
struct Signalling {
    connected: oneshot::Sender<()>,
    failures: mpsc::UnboundedSender<String>,
    topic: oneshot::Sender<Option<String>>,
}

impl TestConnection {
    /// The mark, and what the test is told.
    #[must_use]
    pub fn new() -> (Self, TestSignals) {
        let (connected, on_connected) = oneshot::channel();
        let (failures, on_failure) = mpsc::unbounded_channel();
        let (topic, its_topic) = oneshot::channel();
        let signalling = Signalling {
            connected,
            failures,
            topic,
        };
        let signals = TestSignals {
            connected: on_connected,
            failures: on_failure,
            topic: its_topic,
        };
        (Self(Arc::new(Mutex::new(Some(signalling)))), signals)
    }

    /// Has a session tell the test.
    pub(crate) fn listen(&self, session: Session) -> Session {
        let Some(told) = self.0.lock().take() else {
            return session;
        };
        // An error says that the test is over.
        let _ = told.topic.send(session.topic().map(str::to_owned));
        session
            .on_connected(|| _ = told.connected.send(()))
            .on_failure(move |failure| _ = told.failures.send(failure))
    }
}
