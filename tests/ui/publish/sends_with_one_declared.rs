//! A message that is sent where another is declared.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Joined, Room, Shout};

#[chanx::channel(name = "room", sends(Shout))]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat, ctx: &mut chanx::Context<Self>) {
        let _ = ctx.send(Joined).await;
    }
}

fn main() {}
