//! A variant that holds two messages.

#[path = "../app.rs"]
mod app;

use app::{Chat, Shout};

#[derive(chanx::MessageEnum)]
enum Any {
    Chat(Chat),
    Both(Chat, Shout),
}

fn main() {}
