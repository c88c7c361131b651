//! A channel on the impl of a trait.

#![allow(unused_variables)]

struct Lobby;

#[chanx::channel(name = "lobby")]
impl chanx::Consumer for Lobby {}

fn main() {}
