//! A `&self` handler of a consumer that is not `Sync`.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::Chat;

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&self, chat: Chat) {
        self.lines.set(self.lines.get() + 1);
    }
}

#[derive(Default, chanx::Connect, chanx::Consumer)]
struct Room {
    lines: std::cell::Cell<u32>,
}

fn main() {}
