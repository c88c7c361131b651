//! A handler that returns what cannot be sent.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Line, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) -> Vec<Line> {
        Vec::new()
    }
}

fn main() {}
