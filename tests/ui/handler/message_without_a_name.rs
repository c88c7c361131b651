//! A handler whose message has no name.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::Room;

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, message: impl chanx::Message) {}
}

fn main() {}
