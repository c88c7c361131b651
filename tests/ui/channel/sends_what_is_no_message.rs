//! A declaration to send what is not a message.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Line, Room};

#[chanx::channel(name = "room", sends(Line))]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) {}
}

fn main() {}
