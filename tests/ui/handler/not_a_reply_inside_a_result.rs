//! A handler that returns a result of what cannot be sent.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) -> Result<String, chanx::HandlerError> {
        Ok(chat.message)
    }
}

fn main() {}
