//! The wire protocol, statement by statement, as a client sees it.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as a test does"
)]

// The consumers that answer.
mod desk;
mod hub;
mod room;
// The statements.
mod at_once;
mod closes;
mod completion;
mod errors;
mod failures;
mod frames;
mod groups;
mod guesses;
mod interleavings;
mod logs;
mod order;
mod patterns;
mod plain;
mod rendering;
mod texts;
mod topics;
mod unhandled;
mod unsendable;
