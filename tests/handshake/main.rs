//! From a request to a connection, or to a refusal, as a client sees it.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as a test does"
)]

// The parts that tests share.
mod raw;
// Before the upgrade.
mod origin;
mod own_extractors;
mod refusals;
mod routes;
// The identity of the client.
mod bearer;
mod expiry;
mod identity;
mod permissions;
mod subprotocols;
// After the upgrade.
mod authentication_frames;
