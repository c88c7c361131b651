//! An event handler that takes two events.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{PaymentCompleted, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[event_handler]
    async fn paid(&mut self, one: PaymentCompleted, other: PaymentCompleted) {}
}

fn main() {}
