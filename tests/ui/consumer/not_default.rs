//! A derived consumer without a default.

#[derive(chanx::Consumer)]
struct Lobby {
    name: String,
}

fn main() {}
