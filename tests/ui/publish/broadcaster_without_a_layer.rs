//! A broadcaster extracted from a state without a layer.

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

#[derive(Clone)]
struct AppState;

#[axum::debug_handler(state = AppState)]
async fn pay(room: chanx::Broadcaster<Room>) {
    drop(room);
}

fn main() {}
