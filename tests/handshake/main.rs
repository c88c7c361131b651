//! From a request to a connection, or to a refusal, as a client sees it.

// What the tests share.
mod raw;
// Before the upgrade.
mod origin;
mod refusals;
mod routes;
// Who it is.
mod bearer;
mod expiry;
mod identity;
mod permissions;
mod subprotocols;
// After the upgrade.
mod authentication_frames;
