//! A handler that answers with a stream of what is no message.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};
use chanx::Streamed;
use futures_util::stream;

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) -> Streamed<String> {
        Streamed::new(stream::iter([chat.message]))
    }
}

fn main() {}
