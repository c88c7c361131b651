//! A topic whose pattern has no topic that an earlier one has not.

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
    #[topic("{kind}:{name}")]
    async fn any(&mut self, any: (String, String)) -> Room {
        Room
    }

    #[topic("room:{name}")]
    async fn room(&mut self, name: String) -> Room {
        Room
    }
}

fn main() {}
