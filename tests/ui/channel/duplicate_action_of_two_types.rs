//! Two handlers of two messages with one action.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::{Chat, Room};

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn say(&mut self, chat: Chat) {}

    #[ws_handler]
    async fn shout(&mut self, shout: Loud) {}
}

#[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema, chanx::Message)]
#[message(action = "chat")]
struct Loud(String);

fn main() {}
