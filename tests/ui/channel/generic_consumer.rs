//! A channel of a generic consumer.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::Chat;

struct Room<T>(T);

#[chanx::channel(name = "room")]
impl<T: Send + 'static> Room<T> {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) {}
}

fn main() {}
