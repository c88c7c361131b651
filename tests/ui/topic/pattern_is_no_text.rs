//! A topic whose pattern is no text.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::Room;
use chanx::{Connect, Consumer, channel};

#[derive(Default, Connect, Consumer)]
struct Hub;

#[channel(name = "room")]
impl Room {}

#[channel(name = "hub")]
impl Hub {
    #[topic(room)]
    async fn room(&mut self, room: String) -> Room {
        Room
    }
}

fn main() {}
