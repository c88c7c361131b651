//! Every limit: its default, and what a client sees at it, below it and above it.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as a test does"
)]

// What a client sends.
mod answers;
mod message_size;
mod rate;
// What waits.
mod mailbox;
mod outbox;
// How many there may be.
mod connections;
mod groups;
// How long it may take.
mod handshake;
mod silence;
// All of them.
mod defaults;
mod extremes;
