//! Values of the application's, which may panic as they are dropped.

use std::{
    any::type_name,
    future::{Future, poll_fn},
    ops::{Deref, DerefMut},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
};

use tracing::error;

/// A value of the application's whose `Drop` may panic without harm to whoever lets go
/// of it: that may be a connection in the middle of its end, or somebody else's publisher.
///
/// A second panic while the first one unwinds would end the process.
pub(crate) struct Contained<T>(Option<T>);

/// It is taken out by whoever consumes its container.
const TAKEN: &str = "a contained value is taken out once";

impl<T> Contained<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Some(value))
    }

    pub(crate) fn into_inner(mut self) -> T {
        self.0.take().expect(TAKEN)
    }
}

impl<T> Deref for Contained<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect(TAKEN)
    }
}

impl<T> DerefMut for Contained<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect(TAKEN)
    }
}

impl<F: Future + Unpin> Contained<F> {
    /// Runs it to its end; `None` where it panics before that.
    pub(crate) fn caught(mut self) -> impl Future<Output = Option<F::Output>> {
        poll_fn(move |cx| {
            let poll = AssertUnwindSafe(|| Pin::new(&mut self).poll(cx));
            catch_unwind(poll).map_or(Poll::Ready(None), |polled| polled.map(Some))
        })
    }
}

/// A future that is cancelled by dropping it.
impl<F: Future + Unpin> Future for Contained<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let polled = Pin::new(&mut **self).poll(cx);
        if polled.is_ready() {
            self.0 = None;
        }
        polled
    }
}

impl<T> Drop for Contained<T> {
    fn drop(&mut self) {
        let Some(value) = self.0.take() else {
            return;
        };
        if catch_unwind(AssertUnwindSafe(|| drop(value))).is_err() {
            note_panic(type_name::<T>());
        }
    }
}

// Not compiled for each type, as `drop` is.
fn note_panic(what: &'static str) {
    error!(what, "panicked as it was dropped");
}
