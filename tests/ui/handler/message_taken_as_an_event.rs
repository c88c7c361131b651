//! An event handler that takes a message.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[event_handler]
    async fn chat(&mut self, chat: Chat) {}
}

fn main() {}
