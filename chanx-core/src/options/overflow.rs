//! The rules for a queue that is full.

/// The rule for a queue of a connection that is full.
///
/// The queues are the outbox, of messages for the client, and the mailbox, of
/// events for the consumer. Only what others publish overflows; the
/// consumer's own sends and replies wait instead. What is dropped is counted
/// in [`ChannelStats`](crate::ChannelStats) and in the publisher's
/// [`Receipt`](crate::Receipt).
///
/// # Ordering
///
/// `lagged` stands in the outbox where something is missing: behind what was
/// queued before, and ahead of what is queued later. It takes no room there, and
/// one is enough for all that is missing between two frames. That of an event
/// is queued when the event is dropped, ahead of what the consumer makes of those
/// that still wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Overflow {
    /// The connection is closed with 1013, "try again later".
    #[default]
    Close,
    /// The newest is dropped. In its place the client gets an error with reason `lagged`.
    DropNewest,
    /// The oldest that was published is dropped; where only the consumer's own messages
    /// wait, it is the newest. In its place the client gets an error with reason `lagged`.
    DropOldest,
}
