//! The place in a test's source.

use std::{fmt, panic::Location};

/// The line of a test that asked for something.
///
/// `#[track_caller]` does nothing on an `async fn`: the line is noted by a
/// plain function, which returns the future.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line(&'static Location<'static>);

impl Line {
    #[track_caller]
    pub(crate) fn here() -> Self {
        Self(Location::caller())
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
