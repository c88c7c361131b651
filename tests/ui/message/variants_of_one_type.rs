//! Two variants that hold one message.

#[path = "../app.rs"]
mod app;

use app::Chat;

#[derive(chanx::MessageEnum)]
enum Any {
    Chat(Chat),
    Again(Chat),
}

fn main() {}
