//! A channel on a function.

#[chanx::channel(name = "lobby")]
async fn lobby() {}

fn main() {}
