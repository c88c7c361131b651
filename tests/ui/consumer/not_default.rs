//! A consumer that connects as its default, and has none.

#[derive(chanx::Connect, chanx::Consumer)]
struct Lobby {
    name: String,
}

fn main() {}
