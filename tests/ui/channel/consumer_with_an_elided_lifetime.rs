//! A channel of a consumer that borrows for some time or other.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::Chat;

struct Room<'a>(&'a str);

#[chanx::channel(name = "room")]
impl Room<'_> {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) {}
}

fn main() {}
