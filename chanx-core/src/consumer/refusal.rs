//! The refusal of a subscription.

use super::{Failure, HandlerError, Rejection};

/// The reason for which a client may not subscribe, as a topic's method gives it.
#[derive(Debug)]
pub enum Refusal {
    /// The application refuses.
    Rejected(Rejection),
    /// It could not find out.
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
