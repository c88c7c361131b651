//! A broadcast of a message that is not declared.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Joined, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat, ctx: &mut chanx::Context<Self>) {
        let _ = ctx.broadcast(Joined).await;
    }
}

fn main() {}
