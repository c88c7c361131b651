//! A variant that holds what is not a message.

#[path = "../app.rs"]
mod app;

use app::{Chat, Line};

#[derive(chanx::MessageEnum)]
enum Any {
    Chat(Chat),
    Line(Line),
}

fn main() {}
