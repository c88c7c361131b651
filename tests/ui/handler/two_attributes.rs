//! A handler of messages and events.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    #[event_handler]
    async fn chat(&mut self, chat: Chat) {}
}

fn main() {}
