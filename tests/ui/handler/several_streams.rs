//! A handler that answers with several streams.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Joined, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) -> Vec<chanx::Streamed<Joined>> {
        Vec::new()
    }
}

fn main() {}
