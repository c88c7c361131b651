//! A channel whose name is empty.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};

#[chanx::channel(name = "")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) {}
}

fn main() {}
