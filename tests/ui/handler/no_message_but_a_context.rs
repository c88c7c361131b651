//! A handler that takes its context alone.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::Room;

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, ctx: &mut chanx::Context<Self>) {}
}

fn main() {}
