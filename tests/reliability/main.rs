//! What happens when clients, handlers and servers misbehave.

mod support;

mod failures;
mod hostile_clients;
mod logging;
mod sequences;
mod shutdown;
mod slow_clients;
