//! Handlers that several channels include, as their clients see them.

// What is shared, and by whom.
mod rooms;
// How it behaves there.
mod documents;
mod events;
mod handlers;
mod hooks;
mod topics;
