//! A channel of a consumer that borrows.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::Chat;

struct Room<'a>(&'a str);

#[chanx::channel(name = "room")]
impl<'a> Room<'a> {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) {}
}

fn main() {}
