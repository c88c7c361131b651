//! A variant that holds nothing.

#[path = "../app.rs"]
mod app;

use app::Chat;

#[derive(chanx::MessageEnum)]
enum Any {
    Chat(Chat),
    Nothing,
}

fn main() {}
