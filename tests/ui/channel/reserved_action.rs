//! A message written by hand that takes an action of the framework.

#![allow(unused_variables)]

#[path = "../app.rs"]
mod app;

use app::Room;

#[chanx::channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn fail(&mut self, fail: Fail) {}
}

#[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
struct Fail;

impl chanx::Message for Fail {
    const ACTION: &'static str = "error";
}

fn main() {}
