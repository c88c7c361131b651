//! A handler that takes what is not a message.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Line, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn line(&mut self, line: Line) {}
}

fn main() {}
