//! A part that is included by the consumer and by another part.

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

#[derive(Default, Part)]
struct Outer {
    talk: Talk,
}

#[handlers(include(self.talk: Talk))]
impl Outer {}

#[derive(Default, Connect, Consumer)]
struct Hall {
    talk: Talk,
    outer: Outer,
}

#[channel(name = "hall", include(self.talk: Talk, self.outer: Outer))]
impl Hall {}

fn main() {}
