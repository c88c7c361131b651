//! Publications from the rest of an application, as clients see them.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as a test does"
)]

// The consumers that are told.
mod board;
// The publishers.
mod consumers;
mod http;
mod json;
mod tasks;
mod threads;
// The targets and the receipts.
mod metadata;
mod receipts;
mod targets;
