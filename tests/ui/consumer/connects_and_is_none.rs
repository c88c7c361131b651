//! A derive of `Connect` without one of `Consumer`.

#[derive(Default, chanx::Connect)]
struct Lobby;

fn main() {}
