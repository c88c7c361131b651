//! The test client: what it sends, what it receives, and what it says when a test fails.

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
