//! A channel whose name is a word.

#[path = "../app.rs"]
mod app;

use app::Room;

#[chanx::channel(name = room)]
impl Room {}

fn main() {}
