//! The wire protocol, statement by statement, as a client sees it.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as a test does"
)]

// Who answers.
mod desk;
mod hub;
mod room;
// What is said.
mod closes;
mod completion;
mod errors;
mod failures;
mod frames;
mod groups;
mod interleavings;
mod logs;
mod order;
mod rendering;
mod texts;
mod topics;
mod unhandled;
mod unsendable;
