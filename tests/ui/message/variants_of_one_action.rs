//! Two variants whose messages have one action.

#[path = "../app.rs"]
mod app;

use app::Chat;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(chanx::MessageEnum)]
enum Any {
    Chat(Chat),
    Loud(Loud),
}

#[derive(Serialize, Deserialize, JsonSchema, chanx::Message)]
#[message(action = "chat")]
struct Loud(String);

fn main() {}
