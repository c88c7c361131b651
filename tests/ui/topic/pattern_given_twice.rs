//! Two topics of one pattern, but for the names.

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
    async fn room(&mut self, room: String) -> Room {
        Room
    }

    #[topic("room:{name}")]
    async fn again(&mut self, name: String) -> Room {
        Room
    }
}

fn main() {}
