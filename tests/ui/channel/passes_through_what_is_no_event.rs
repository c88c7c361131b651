//! A message among the events that pass through.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};

#[chanx::channel(name = "room", passthrough(Chat))]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) {}
}

fn main() {}
