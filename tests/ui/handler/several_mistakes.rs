//! All mistakes of a block are told at once, and its other handlers stay.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Joined, Room, Shout};

#[chanx::channel(nam = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self) {}

    #[ws_handler(tag = "chat")]
    fn shout(&self, shout: Shout) {}

    #[ws_handler(sends(Joined))]
    async fn chat_right(&mut self, chat: Chat, ctx: &mut chanx::Context<Self>) {
        let _ = ctx.send(Joined).await;
    }
}

fn main() {}
