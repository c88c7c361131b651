//! A route to a consumer that does not say how a client connects.

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

#[derive(chanx::Consumer)]
struct Lobby;

#[chanx::channel(name = "lobby")]
impl Lobby {}

fn channels(layer: chanx::ChannelLayer) -> chanx::Channels<()> {
    chanx::Channels::new(layer).route::<Lobby>("/ws/lobby")
}

fn main() {}
