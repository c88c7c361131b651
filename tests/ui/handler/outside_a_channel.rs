//! A handler in a block that is no channel.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};
use chanx::ws_handler;

impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) {}
}

fn main() {}
