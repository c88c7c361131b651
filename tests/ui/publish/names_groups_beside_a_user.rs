//! A message, and an event, to one user and to groups.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, PaymentCompleted, Room};

#[chanx::channel(name = "room", sends(Chat))]
impl Room {
    #[event_handler]
    async fn paid(&mut self, event: PaymentCompleted) {}
}

async fn whisper(room: chanx::Broadcaster<Room>, chat: Chat) {
    let _ = room.user("ada").send(chat).to("lobby").await;
}

async fn pay(room: chanx::Broadcaster<Room>, id: chanx::ConnectionId) {
    let paid = PaymentCompleted { amount: 1 };
    let _ = room.connection(id).event(paid).to("lobby").await;
}

fn main() {}
