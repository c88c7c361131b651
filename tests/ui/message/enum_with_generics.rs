//! An enum of messages with a type parameter.

#[path = "../app.rs"]
mod app;

use app::Chat;

#[derive(chanx::Messages)]
enum Any<T> {
    Chat(Chat),
    Other(T),
}

fn main() {}
