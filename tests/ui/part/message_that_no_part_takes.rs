//! A test that sends what neither the consumer nor its part takes.

#![allow(dead_code, unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Joined};
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

async fn test(client: &mut chanx_testing::Communicator<Hall>) {
    client.send(&Joined).await;
}

fn main() {}
