//! A topic in a part.

#![allow(dead_code, unused_variables)]

use chanx::{Consumer, Part, channel, handlers};

#[derive(Default, Part)]
struct Talk;

#[handlers]
impl Talk {
    #[topic("room:{room}")]
    async fn room(&mut self, room: String) -> Hall {
        Hall
    }
}

#[derive(Default, Consumer)]
struct Hall;

#[channel(name = "hall")]
impl Hall {}

fn main() {}
