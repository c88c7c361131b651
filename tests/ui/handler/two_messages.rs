//! A handler that takes two messages.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room, Shout};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat, shout: Shout) {}
}

fn main() {}
