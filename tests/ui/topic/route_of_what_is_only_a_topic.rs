//! A route for a consumer that is only ever a topic.

#[path = "../app.rs"]
mod app;

use chanx::{ChannelLayer, Channels, Consumer, channel};

#[derive(Consumer)]
struct Desk;

#[channel(name = "desk")]
impl Desk {}

fn main() {
    let _channels: Channels = Channels::new(ChannelLayer::new()).route::<Desk>("/ws");
}
