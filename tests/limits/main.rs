//! Every limit: its default, and a client below it, at it and above it.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as a test does"
)]

// Limits on what a client sends.
mod answers;
mod message_size;
mod rate;
// Limits on what waits.
mod mailbox;
mod outbox;
// Limits on numbers of things.
mod connections;
mod groups;
// Limits on time.
mod handshake;
mod silence;
// All limits together.
mod defaults;
mod extremes;
