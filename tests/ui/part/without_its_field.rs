//! A part that is included without its field.

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

#[channel(name = "hall", include(Talk))]
impl Hall {}

fn main() {}
