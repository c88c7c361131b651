//! A handler of an enum, and one of its variants.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room, Shout};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn any(&mut self, any: Any) {}

    #[ws_handler]
    async fn shout(&mut self, shout: Shout) {}
}

#[derive(chanx::MessageEnum)]
enum Any {
    Chat(Chat),
    Shout(Shout),
}

fn main() {}
