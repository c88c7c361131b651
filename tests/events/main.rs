//! What the rest of an application tells its consumers, as their clients see it.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as a test does"
)]

// Who is told.
mod board;
// By whom.
mod consumers;
mod http;
mod json;
mod tasks;
mod threads;
// How far it goes.
mod metadata;
mod receipts;
mod targets;
