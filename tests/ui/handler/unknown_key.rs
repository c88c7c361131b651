//! A key that a handler does not have.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler(sumary = "Send a line.")]
    async fn chat(&mut self, chat: Chat) {}
}

fn main() {}
