//! A part without a block of handlers.

#![allow(dead_code, unused_variables)]

use chanx::{Connect, Consumer, Part, channel};

#[derive(Default, Part)]
struct Talk;

#[derive(Default, Connect, Consumer)]
struct Hall {
    talk: Talk,
}

#[channel(name = "hall", include(self.talk: Talk))]
impl Hall {}

fn main() {}
