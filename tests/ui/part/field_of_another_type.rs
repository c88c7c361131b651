//! A part that is included by a field of another type.

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
    talk: Option<Talk>,
}

#[channel(name = "hall", include(self.talk: Talk))]
impl Hall {}

fn main() {}
