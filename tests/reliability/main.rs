//! What happens when clients, handlers and servers misbehave.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as a test does"
)]

mod support;

mod drops;
mod endings;
mod failures;
mod hostile_clients;
mod logging;
mod order;
mod refusals;
mod sequences;
mod shutdown;
mod slow_clients;
mod turns;
mod writes;
