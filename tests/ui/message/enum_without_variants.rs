//! An enum of messages that holds none.

#[derive(chanx::MessageEnum)]
enum Any {}

fn main() {}
