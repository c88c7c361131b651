//! A part with a name, which only a channel has.

#![allow(dead_code, unused_variables)]

use chanx::{Part, handlers};

#[derive(Default, Part)]
struct Talk;

#[handlers(name = "talk")]
impl Talk {}

fn main() {}
