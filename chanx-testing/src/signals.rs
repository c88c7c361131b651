//! The signals that a test gets of its connection.

use chanx_axum::__private::{TestCalls, TestConnection};
use tokio::sync::{mpsc, oneshot};

/// The signals that a test gets of its connection.
#[derive(Debug)]
pub(crate) struct Signals {
    /// `connected` has returned; an error where it will not.
    pub(crate) connected: oneshot::Receiver<()>,
    /// The failures of handlers and hooks, as they are logged.
    pub(crate) failures: mpsc::UnboundedReceiver<String>,
    /// The topic, on a topic's own route: it is there before the response is.
    pub(crate) topic: oneshot::Receiver<Option<String>>,
}

impl Signals {
    /// The signals of one connection, and the mark of its request.
    pub(crate) fn new() -> (TestConnection, Self) {
        let (connected, on_connected) = oneshot::channel();
        let (failures, on_failure) = mpsc::unbounded_channel();
        let (topic, its_topic) = oneshot::channel();
        // An error says that the test is over.
        let mark = TestConnection::new(TestCalls {
            connected: Box::new(|| _ = connected.send(())),
            failure: Box::new(move |failure| _ = failures.send(failure)),
            topic: Box::new(|of_route| _ = topic.send(of_route)),
        });
        let signals = Self {
            connected: on_connected,
            failures: on_failure,
            topic: its_topic,
        };
        (mark, signals)
    }
}
