//! What a test client asks for with its connection.

use std::sync::Arc;

use chanx_core::{Channel, Endpoint, RequestInfo, Session};
use parking_lot::Mutex;
use tokio::sync::oneshot;

/// Marks a request as a test client's.
///
/// For this connection alone completion frames are on, and the client is told
/// when `connected` has returned: applications need no configuration for tests.
#[derive(Debug, Clone)]
pub struct TestConnection(Arc<Mutex<Option<oneshot::Sender<()>>>>);

impl TestConnection {
    /// The mark, and what is told; an error where there will be no `connected`.
    #[must_use]
    pub fn new() -> (Self, oneshot::Receiver<()>) {
        let (signal, connected) = oneshot::channel();
        (Self(Arc::new(Mutex::new(Some(signal)))), connected)
    }

    pub(crate) fn session<C: Channel>(
        &self,
        endpoint: Arc<Endpoint<C>>,
        consumer: C,
        request: RequestInfo,
    ) -> Session<C> {
        let session = Session::with_completion_frames(endpoint, consumer, request, true);
        match self.0.lock().take() {
            Some(signal) => session.on_connected(signal),
            None => session,
        }
    }
}
