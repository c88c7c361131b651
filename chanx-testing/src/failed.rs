//! The failures of the server, which clients are not told.

use std::{cell::RefCell, fmt, sync::Arc};

use parking_lot::Mutex;
use tokio::sync::mpsc;

thread_local! {
    /// Of all connections that this test has opened: where one client waits
    /// for another's message, the cause is in that one's handler.
    static CONNECTIONS: RefCell<Vec<Failed>> = const { RefCell::new(Vec::new()) };
}

/// The failures of the handlers and hooks of one connection.
#[derive(Debug, Clone)]
pub(crate) struct Failed {
    path: Arc<str>,
    failures: Arc<Mutex<Failures>>,
}

#[derive(Debug)]
struct Failures {
    told: Vec<String>,
    coming: mpsc::UnboundedReceiver<String>,
}

impl Failed {
    /// Of the connection to `path`, as the server tells it.
    pub(crate) fn new(path: &str, coming: mpsc::UnboundedReceiver<String>) -> Self {
        let told = Vec::new();
        let failed = Self {
            path: path.into(),
            failures: Arc::new(Mutex::new(Failures { told, coming })),
        };
        CONNECTIONS.with_borrow_mut(|all| all.push(failed.clone()));
        failed
    }

    /// The failures of this connection and of the others of this test.
    pub(crate) fn report(&self) -> String {
        let mut all = CONNECTIONS.with_borrow(Clone::clone);
        // A test that runs in several threads may have opened it in another.
        if !all.iter().any(|other| other.is(self)) {
            all.push(self.clone());
        }
        all.iter().map(ToString::to_string).collect()
    }

    fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.failures, &other.failures)
    }
}

/// A line for each failure.
impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut failures = self.failures.lock();
        while let Ok(failure) = failures.coming.try_recv() {
            failures.told.push(failure);
        }
        let mut lines = failures.told.iter();
        lines.try_for_each(|line| writeln!(f, "  {}: {line}", self.path))
    }
}
