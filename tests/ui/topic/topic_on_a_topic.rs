//! A topic whose consumer has topics of its own.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::Room;
use chanx::{Connect, Consumer, channel};

#[derive(Default, Connect, Consumer)]
struct Hub;

#[derive(Default, Connect, Consumer)]
struct House;

#[channel(name = "room")]
impl Room {}

#[channel(name = "house")]
impl House {
    #[topic("room:{room}")]
    async fn room(&mut self, room: String) -> Room {
        Room
    }
}

#[channel(name = "hub")]
impl Hub {
    #[topic("house:{house}")]
    async fn house(&mut self, house: String) -> House {
        House
    }
}

fn main() {}
