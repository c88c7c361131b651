//! A handler that answers with a stream of messages as with one of results.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Joined, Room};
use chanx::Streamed;
use futures_util::stream;

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) -> Streamed<Joined> {
        Streamed::fallible(stream::iter([Joined]))
    }
}

fn main() {}
