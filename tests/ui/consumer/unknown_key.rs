//! A key that a consumer does not have.

#[derive(Default, chanx::Connect, chanx::Consumer)]
#[consumer(handshake = User)]
struct Lobby;

fn main() {}
