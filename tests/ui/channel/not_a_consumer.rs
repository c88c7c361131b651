//! A channel of what is not a consumer.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::Chat;

struct Lobby;

#[chanx::channel(name = "lobby")]
impl Lobby {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat, ctx: &mut chanx::Context<Self>) {}
}

fn main() {}
