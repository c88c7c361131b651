//! A part that includes a part which includes it.

#![allow(dead_code, unused_variables)]

use chanx::{Part, handlers};

#[derive(Part)]
struct Talk {
    inner: Box<Inner>,
}

#[handlers(include(self.inner: Inner))]
impl Talk {}

#[derive(Part)]
struct Inner {
    talk: Box<Talk>,
}

#[handlers(include(self.talk: Talk))]
impl Inner {}

fn main() {}
