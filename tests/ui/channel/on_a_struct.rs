//! A channel on a struct.

#[chanx::channel(name = "lobby")]
pub struct Lobby {
    name: String,
}

fn main() {}
