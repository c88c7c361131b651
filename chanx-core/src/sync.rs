//! Locks and atomics, which loom's replace in the models that `cfg(chanx_loom)` builds.
//!
//! Whatever waits by hand in this crate is built on these, so that loom can try
//! every interleaving of it.

#[cfg(not(all(test, chanx_loom)))]
pub(crate) use parking_lot::Mutex;
#[cfg(not(all(test, chanx_loom)))]
pub(crate) use std::sync::atomic;

#[cfg(all(test, chanx_loom))]
pub(crate) use self::model::{Mutex, explore};
#[cfg(all(test, chanx_loom))]
pub(crate) use loom::sync::atomic;

#[cfg(all(test, chanx_loom))]
mod model {
    use loom::sync::MutexGuard;

    /// loom's mutex with the methods of `parking_lot`'s, which knows no poisoning.
    #[derive(Debug, Default)]
    pub(crate) struct Mutex<T>(loom::sync::Mutex<T>);

    /// Runs a model in every order in which its threads can take turns, with up
    /// to three interruptions.
    pub(crate) fn explore(model: impl Fn() + Send + Sync + 'static) {
        let mut builder = loom::model::Builder::new();
        builder.preemption_bound = Some(3);
        builder.check(model);
    }

    impl<T> Mutex<T> {
        pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
            self.0.lock().expect("a model that panics has failed")
        }
    }
}
