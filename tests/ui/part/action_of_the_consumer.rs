//! A part that takes an action of its consumer.

#![allow(dead_code, unused_variables)]

#[path = "../app.rs"]
mod app;

use app::Chat;
use chanx::{Connect, Consumer, Part, channel, handlers};

#[derive(Default, Part)]
struct Talk;

#[handlers]
impl Talk {
    #[ws_handler]
    async fn talk(&mut self, chat: Chat) {}
}

#[derive(Default, Connect, Consumer)]
struct Hall {
    talk: Talk,
}

#[channel(name = "hall", include(self.talk: Talk))]
impl Hall {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat) {}
}

fn main() {}
