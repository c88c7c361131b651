//! An included type that is not a part.

#![allow(dead_code, unused_variables)]

use chanx::{Connect, Consumer, channel};

#[derive(Default, Connect, Consumer)]
struct Hall {
    line: Line,
}

#[channel(name = "hall", include(self.line: Line))]
impl Hall {}

#[derive(Default)]
struct Line;

fn main() {}
