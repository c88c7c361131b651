//! A part with two blocks.

#![allow(dead_code, unused_variables)]

use chanx::{Part, handlers};

#[derive(Default, Part)]
struct Talk;

#[handlers]
impl Talk {}

#[handlers]
impl Talk {}

fn main() {}
