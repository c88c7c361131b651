//! The messages that do not come to their handler, or not to its end.

use crate::wire::InvalidPayload;

/// The reasons for which a message is not answered by its handler.
///
/// Boxed wherever it is passed on: it is rare, and would enlarge every idle connection.
pub(super) enum Refused {
    /// It was guessed to be one and is not, see [`Payload::guess`](crate::wire::Payload::guess):
    /// it is begun anew.
    WrongGuess,
    /// It names a topic that this consumer is not for.
    NotSubscribed,
    /// It subscribes to the topic that this consumer is for.
    Subscribed,
    /// There is no handler for its action.
    Unknown,
    /// Its payload is not what the handler takes.
    Invalid(InvalidPayload),
    /// The handler has panicked.
    Panicked,
}
