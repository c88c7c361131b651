// A hub with rooms, for the crate's examples, which include this file.

use chanx::{
    ChannelLayer, Channels, Connect, Consumer, Context, Ping, Pong, Rejection, channel,
};
use chanx_testing::Communicator;

/// Has a topic for each room but one.
#[derive(Default, Connect, Consumer)]
struct Hub;

#[channel(name = "hub")]
impl Hub {
    #[topic("room:{room}")]
    async fn room(&mut self, room: u32) -> Result<Room, Rejection> {
        match room {
            13 => Err(Rejection::forbidden("members only")),
            _ => Ok(Room),
        }
    }
}

/// Answers a ping, and ends for a pong.
#[derive(Consumer)]
struct Room;

#[channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }

    #[ws_handler]
    async fn pong(&mut self, _: Pong, ctx: &mut Context<Self>) {
        ctx.close(4000, "enough");
    }
}

async fn connect() -> Communicator<Hub> {
    let app = Channels::new(ChannelLayer::new())
        .route::<Hub>("/ws")
        .into_router();
    Communicator::connect(&app, "/ws").await
}
