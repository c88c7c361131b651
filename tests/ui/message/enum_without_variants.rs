//! An enum of messages that holds none.

#[derive(chanx::Messages)]
enum Any {}

fn main() {}
