//! A test that receives what is no message.

#![allow(dead_code)]

use chanx::{Connect, Consumer, channel};
use chanx_testing::Communicator;

#[derive(Default, Connect, Consumer)]
struct Room;

#[channel(name = "room")]
impl Room {}

async fn test(mut client: Communicator<Room>) {
    client.receive::<String>().await;
}

fn main() {}
