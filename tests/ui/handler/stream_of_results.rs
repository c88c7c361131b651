//! A handler that answers with a stream, some of whose messages may fail.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Joined, Room};
use chanx::{HandlerError, Streamed};
use futures_util::stream;

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) -> Streamed<Joined> {
        let people: Vec<Result<Joined, HandlerError>> = Vec::new();
        Streamed::new(stream::iter(people))
    }
}

fn main() {}
