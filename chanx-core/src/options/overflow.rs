//! The rules for a queue that is full.

/// The rule for a queue of a connection that is full.
///
/// The queues are the outbox, of messages for the client, and the mailbox, of
/// events for the consumer. Only what others publish overflows; the
/// consumer's own sends and replies wait instead. What is dropped is counted
/// in [`ChannelStats`](crate::ChannelStats) and in the publisher's
/// [`Receipt`](crate::Receipt).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Overflow {
    /// The connection is closed with 1013, "try again later".
    #[default]
    Close,
    /// The newest is dropped; the client's next frame is an error with reason `lagged`.
    DropNewest,
    /// The oldest that was published is dropped; the client's next frame is an error with
    /// reason `lagged`. Where only the consumer's own messages wait, it is the newest.
    DropOldest,
}
