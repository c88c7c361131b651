//! A handler that holds across an await what cannot change its thread.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Joined, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler(sends(Joined))]
    async fn chat(&mut self, chat: Chat, ctx: &mut chanx::Context<Self>) {
        let line = std::rc::Rc::new(chat.message);
        let _ = ctx.send(Joined).await;
        drop(line);
    }
}

fn main() {}
