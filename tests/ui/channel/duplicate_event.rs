//! An event that is both handled and passed through.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::Room;

#[chanx::channel(name = "room", passthrough(Announcement))]
impl Room {
    #[event_handler]
    async fn announce(&mut self, announcement: Announcement) {}
}

#[derive(Clone, serde::Serialize, serde::Deserialize, schemars::JsonSchema, chanx::Event, chanx::Message)]
struct Announcement(String);

fn main() {}
