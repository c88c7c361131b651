//! An enum of messages that is a struct.

#[path = "../app.rs"]
mod app;

use app::Chat;

#[derive(chanx::MessageEnum)]
struct Any {
    chat: Chat,
}

fn main() {}
