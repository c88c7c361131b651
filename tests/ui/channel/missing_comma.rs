//! Two keys without a comma.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};

#[chanx::channel(name = "room" tags = ["chat"])]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) {}
}

fn main() {}
