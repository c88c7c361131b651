//! A key that a channel does not have.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};

#[chanx::channel(name = "room", group = ["lobby"])]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) {}
}

fn main() {}
