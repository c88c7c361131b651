//! A part that includes itself.

#![allow(dead_code, unused_variables)]

use chanx::{Part, handlers};

#[derive(Part)]
struct Talk {
    inner: Box<Talk>,
}

#[handlers(include(self.inner: Talk))]
impl Talk {}

fn main() {}
