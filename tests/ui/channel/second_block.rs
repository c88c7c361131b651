//! Two channels on one consumer.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room, Shout};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) {}
}

#[chanx::channel(name = "loud_room")]
impl Room {
    #[ws_handler]
    async fn shout(&mut self, shout: Shout) {}
}

fn main() {}
