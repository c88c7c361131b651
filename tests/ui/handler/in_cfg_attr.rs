//! Handlers that are marked under a condition.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, PaymentCompleted, Room, Shout};

#[chanx::channel(name = "room")]
impl Room {
    #[cfg_attr(all(), ws_handler)]
    async fn chat(&mut self, chat: Chat) {}

    #[cfg_attr(any(), doc = "…", cfg_attr(any(), chanx::ws_handler(tags = ["chat"])))]
    async fn shout(&mut self, shout: Shout) {}

    #[cfg_attr(all(), event_handler)]
    async fn paid(&mut self, event: PaymentCompleted) {}
}

fn main() {}
