//! Two parts that take the same action, one of them by a part of its own.

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
struct Inner;

#[handlers]
impl Inner {
    #[ws_handler]
    async fn shout(&mut self, chat: Chat) {}
}

#[derive(Default, Part)]
struct Outer {
    inner: Inner,
}

#[handlers(include(self.inner: Inner))]
impl Outer {}

#[derive(Default, Connect, Consumer)]
struct Hall {
    outer: Outer,
    talk: Talk,
}

#[channel(name = "hall", include(self.outer: Outer, self.talk: Talk))]
impl Hall {}

fn main() {}
