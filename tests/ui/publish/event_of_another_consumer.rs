//! An event that another consumer handles.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, PaymentCompleted, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, chat: Chat, ctx: &mut chanx::Context<Self>) {
        let _ = (chat, ctx);
    }
}

#[derive(Default, chanx::Connect, chanx::Consumer)]
struct Till;

#[chanx::channel(name = "till")]
impl Till {
    #[event_handler]
    async fn paid(&mut self, event: PaymentCompleted) {}
}

async fn pay(room: chanx::Broadcaster<Room>) {
    let _ = room.event(PaymentCompleted { amount: 1 }).to("room.lobby").await;
}

fn main() {}
