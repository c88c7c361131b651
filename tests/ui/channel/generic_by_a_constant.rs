//! A channel of a consumer with a constant parameter.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::Chat;

struct Room<const SEATS: usize>;

#[chanx::channel(name = "room")]
impl<const SEATS: usize> Room<SEATS> {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) {}
}

fn main() {}
