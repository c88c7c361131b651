//! An event handler in a block that is no channel.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{PaymentCompleted, Room};

impl Room {
    #[chanx::event_handler]
    async fn paid(&mut self, event: PaymentCompleted) {}
}

fn main() {}
