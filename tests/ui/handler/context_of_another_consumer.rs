//! A handler that takes the context of another consumer.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat, ctx: &mut chanx::Context<Lobby>) {}
}

#[derive(Default, chanx::Connect, chanx::Consumer)]
struct Lobby;

fn main() {}
