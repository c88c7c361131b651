//! Values of the wrong kind.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler(summary = 1, tags = "chat", sends = Chat, description)]
    async fn chat(&mut self, chat: Chat) {}
}

fn main() {}
