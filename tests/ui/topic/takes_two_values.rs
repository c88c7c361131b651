//! A method that takes each parameter by itself.

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
    #[topic("{house}:{room}")]
    async fn room(&mut self, house: String, room: String) -> Room {
        Room
    }
}

fn main() {}
