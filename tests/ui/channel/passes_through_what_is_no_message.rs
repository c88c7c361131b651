//! An event that is not a message, among those that pass through.

#[path = "../app.rs"]
mod app;

use app::{PaymentCompleted, Room};

#[chanx::channel(name = "room", passthrough(PaymentCompleted))]
impl Room {
}

fn main() {}
