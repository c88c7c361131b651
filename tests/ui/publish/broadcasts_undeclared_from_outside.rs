//! A broadcast from outside of a message that is not declared.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Joined, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat, ctx: &mut chanx::Context<Self>) {
        let _ = (chat, ctx);
    }
}

async fn pay(room: chanx::Broadcaster<Room>) {
    let _ = room.broadcast(Joined).to("room.lobby").await;
}

fn main() {}
