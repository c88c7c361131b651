//! A handler with a type parameter.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::Room;

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat<M: chanx::Message>(&mut self, message: M) {}
}

fn main() {}
