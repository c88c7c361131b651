//! A variant with a named field.

#[path = "../app.rs"]
mod app;

use app::{Chat, Shout};

#[derive(chanx::MessageEnum)]
enum Any {
    Chat(Chat),
    Shout { shout: Shout },
}

fn main() {}
