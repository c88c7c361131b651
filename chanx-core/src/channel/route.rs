//! The way to a handler, as a session knows it.

/// The handler of an action, of whatever consumer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route {
    /// Its place among the consumer's own.
    pub(super) place: usize,
    pub(crate) action: &'static str,
    /// False where the handler answers as it is called.
    pub(crate) may_wait: bool,
}
