//! The refusal of a subscription.

use super::{Failure, HandlerError, Rejection};

/// The reason for which a client may not subscribe, as a topic's method gives it.
///
/// A topic's method that may do both returns it; one that does either returns that, and
/// `?` turns each into it. A `match` may name both: an application decides, or fails to,
/// and there is no third.
#[derive(Debug)]
pub enum Refusal {
    /// The application refuses: the client reads `unauthorized`, or `unknown_topic` where
    /// the status is 404.
    Rejected(Rejection),
    /// The application could not find out: the client reads what it reads of a handler
    /// that fails.
    Failed(HandlerError),
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<HandlerError> for Refusal {
    fn from(error: HandlerError) -> Self {
        Self::Failed(error)
    }
}

impl<E: Failure> From<E> for Refusal {
    fn from(failure: E) -> Self {
        Self::Failed(failure.into())
    }
}
