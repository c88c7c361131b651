//! A method without its hub.

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
    #[topic("room:{room}")]
    async fn room(room: String) -> Room {
        Room
    }
}

fn main() {}
