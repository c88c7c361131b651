//! A part that is generic.

#![allow(dead_code, unused_variables)]

use chanx::{Part, handlers};

#[derive(Default, Part)]
struct Talk<T: Send + 'static>(T);

#[handlers]
impl<T: Send + 'static> Talk<T> {}

fn main() {}
