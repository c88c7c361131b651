//! A topic on a method of a block that is no channel.

#[path = "../app.rs"]
mod app;

use app::Room;

impl Room {
    #[chanx::topic("room:{room}")]
    async fn room(&mut self, room: String) {}
}

fn main() {}
