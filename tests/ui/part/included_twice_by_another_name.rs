//! A part that is included twice, once by another name.

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

type Speech = Talk;

#[derive(Default, Connect, Consumer)]
struct Hall {
    talk: Talk,
    again: Speech,
}

#[channel(name = "hall", include(self.talk: Talk, self.again: Speech))]
impl Hall {}

fn main() {}
