//! The AsyncAPI document: its contents, and how it is served.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as the test may"
)]

mod contents;
mod directions;
mod hostile;
mod kitchen_sink;
mod names;
mod operations;
mod paths;
mod protocol;
mod recursive;
mod request;
mod schemas;
mod served;
mod several;
mod topics;
mod written;
