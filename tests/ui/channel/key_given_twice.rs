//! A key that is given twice.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};

#[chanx::channel(name = "room", name = "lobby")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) {}
}

fn main() {}
