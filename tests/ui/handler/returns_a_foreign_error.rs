//! A handler whose error says nothing of what the client may read.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) -> Result<(), url::ParseError> {
        url::Url::parse(&chat.message)?;
        Ok(())
    }
}

fn main() {}
