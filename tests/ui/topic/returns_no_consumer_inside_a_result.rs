//! A method whose result holds no consumer.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::Room;
use chanx::{Connect, Consumer, Rejection, channel};

#[derive(Default, Connect, Consumer)]
struct Hub;

#[channel(name = "room")]
impl Room {}

#[channel(name = "hub")]
impl Hub {
    #[topic("room:{room}")]
    async fn room(&mut self, room: String) -> Result<String, Rejection> {
        Ok(room)
    }
}

fn main() {}
