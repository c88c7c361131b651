//! A handler that takes nothing.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::Room;

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self) {}
}

fn main() {}
