//! A handler whose error is not an error.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) -> Result<(), String> {
        Err(chat.message)
    }
}

fn main() {}
