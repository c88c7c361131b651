//! An event that neither the consumer nor its part handles.

#![allow(dead_code, unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, PaymentCompleted};
use chanx::{Connect, Consumer, Part, channel, handlers};

#[derive(Default, Part)]
struct Talk;

#[handlers]
impl Talk {
    #[ws_handler]
    async fn talk(&mut self, chat: Chat) {}
}

#[derive(Default, Connect, Consumer)]
struct Hall {
    talk: Talk,
}

#[channel(name = "hall", include(self.talk: Talk))]
impl Hall {}

async fn pay(halls: chanx::Broadcaster<Hall>) {
    let _ = halls.event(PaymentCompleted { amount: 1 }).await;
}

fn main() {}
