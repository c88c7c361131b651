//! The attribute on a struct.

#![allow(dead_code, unused_variables)]

use chanx::handlers;

#[handlers]
struct Talk;

fn main() {}
