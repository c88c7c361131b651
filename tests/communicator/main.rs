//! The test client: sending, receiving, and the text with which a test fails.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod hub;
mod room;

mod address;
mod authentication;
mod capture;
mod clock;
mod closing;
mod completion;
mod failures;
mod handshake;
mod messages;
mod raw;
mod silence;
mod topics;
