//! The mark of a test client's request.

use std::{fmt, sync::Arc};

use chanx_core::Session;
use parking_lot::Mutex;

/// Marks a request as a test client's.
///
/// For this connection alone completion frames are on, on topics too, and the test
/// is told when `connected` has returned and what fails: applications need no
/// configuration for tests.
#[derive(Debug, Clone)]
pub struct TestConnection(Arc<Mutex<Option<TestCalls>>>);

/// The calls by which a test is told of its connection. They are dropped with its session,
/// whether they have been made or not.
pub struct TestCalls {
    /// `connected` has returned.
    pub connected: Box<dyn FnOnce() + Send>,
    /// A handler or hook has failed, as it is logged.
    pub failure: Box<dyn Fn(String) + Send + Sync>,
    /// The topic, on a topic's own route: told before there is a response.
    pub topic: Box<dyn FnOnce(Option<String>) + Send>,
}

impl TestConnection {
    /// The mark of one connection.
    #[must_use]
    pub fn new(calls: TestCalls) -> Self {
        Self(Arc::new(Mutex::new(Some(calls))))
    }

    /// Has a session tell the test.
    pub(crate) fn listen(&self, session: Session) -> Session {
        let Some(calls) = self.0.lock().take() else {
            return session;
        };
        (calls.topic)(session.topic().map(str::to_owned));
        session
            .on_connected(calls.connected)
            .on_failure(calls.failure)
    }
}

impl fmt::Debug for TestCalls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestCalls").finish_non_exhaustive()
    }
}
