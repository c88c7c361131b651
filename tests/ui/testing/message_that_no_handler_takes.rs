//! A test that sends a message which no handler takes.

#![allow(dead_code)]

use chanx::{Connect, Consumer, Ping, Pong, channel};
use chanx_testing::Communicator;

#[derive(Default, Connect, Consumer)]
struct Room;

#[channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }
}

async fn test(mut client: Communicator<Room>) {
    client.send(&Pong).await;
}

fn main() {}
