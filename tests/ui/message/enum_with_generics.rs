//! An enum of messages with a type parameter.

#[path = "../app.rs"]
mod app;

use app::Chat;

#[derive(chanx::MessageEnum)]
enum Any<T> {
    Chat(Chat),
    Other(T),
}

fn main() {}
