//! A part that sends what it does not declare.

#![allow(dead_code, unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Joined};
use chanx::{Context, Part, handlers};

#[derive(Default, Part)]
struct Talk;

#[handlers]
impl Talk {
    #[ws_handler]
    async fn talk(&mut self, chat: Chat, ctx: &mut Context<Self>) {
        let _ = ctx.broadcast(Joined).await;
    }
}

fn main() {}
