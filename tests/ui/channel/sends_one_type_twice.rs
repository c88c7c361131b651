//! A message that is declared under two paths.

#[path = "../app.rs"]
mod app;

use app::{Joined, Room};

#[chanx::channel(name = "room", sends(Joined, app::Joined))]
impl Room {}

fn main() {}
