//! A handler that takes two contexts.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(
        &mut self,
        chat: Chat,
        ctx: &mut chanx::Context<Self>,
        other: &mut chanx::Context<Self>,
    ) {
    }
}

fn main() {}
