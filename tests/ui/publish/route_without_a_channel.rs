//! A route to a consumer without a channel.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat, ctx: &mut chanx::Context<Self>) {
        let _ = (chat, ctx);
    }
}

#[derive(Default, chanx::Connect, chanx::Consumer)]
struct Lobby;

fn channels(layer: chanx::ChannelLayer) -> chanx::Channels<()> {
    chanx::Channels::new(layer).route::<Lobby>("/ws/lobby")
}

fn main() {}
