//! A handler whose `&mut` parameter is no context.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Line, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat, line: &mut Line) {}
}

fn main() {}
