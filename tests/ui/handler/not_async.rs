//! A handler that is not async.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    fn chat(&mut self, chat: Chat) {}
}

fn main() {}
