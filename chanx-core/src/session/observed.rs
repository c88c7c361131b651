//! The parts of a session's life that a test is told of.

use std::fmt;

/// Called once `connected` has returned; outside of tests, nothing.
#[derive(Default)]
pub(super) struct OnConnected(Option<Box<dyn FnOnce() + Send>>);

impl OnConnected {
    pub(super) fn call(tell: impl FnOnce() + Send + 'static) -> Self {
        Self(Some(Box::new(tell)))
    }

    pub(super) fn tell(self) {
        if let Some(tell) = self.0 {
            tell();
        }
    }
}

impl fmt::Debug for OnConnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnConnected").finish_non_exhaustive()
    }
}

/// Called with each failure of a handler or hook; outside of tests, nothing.
#[derive(Default)]
pub(super) struct Failures(Option<Box<dyn Fn(String) + Send + Sync>>);

impl Failures {
    pub(super) fn to(tell: impl Fn(String) + Send + Sync + 'static) -> Self {
        Self(Some(Box::new(tell)))
    }

    pub(super) fn tell(&self, failure: impl FnOnce() -> String) {
        if let Some(tell) = &self.0 {
            tell(failure());
        }
    }
}

impl fmt::Debug for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failures").finish_non_exhaustive()
    }
}
