//! A test that sends a message whose handler takes an enum.

#![allow(dead_code)]

use chanx::{Consumer, MessageEnum, Ping, Pong, channel};
use chanx_testing::Communicator;

#[derive(MessageEnum)]
enum Question {
    Ping(Ping),
}

#[derive(Default, Consumer)]
struct Room;

#[channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn question(&mut self, _: Question) -> Pong {
        Pong
    }
}

async fn test(mut client: Communicator<Room>) {
    client.send(&Question::Ping(Ping)).await;
    client.request::<Pong>(&Ping).await;
}

fn main() {}
