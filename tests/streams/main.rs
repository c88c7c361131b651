//! P39: replies that come piece by piece, as a client sees them.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as a test does"
)]

// The consumer that answers.
mod model;
// The answers.
mod documents;
mod early;
mod endings;
mod failures;
mod limits;
mod pieces;
mod topics;
