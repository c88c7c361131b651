//! An error of another crate becomes a `HandlerError` by one word, which is missing.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};
use chanx::HandlerError;

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) -> Result<(), HandlerError> {
        url::Url::parse(&chat.message)?;
        Ok(())
    }
}

fn main() {}
