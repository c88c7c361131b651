//! A consumer that sends what its part alone declares.

#![allow(dead_code, unused_variables)]

#[path = "../app.rs"]
mod app;

use app::Joined;
use chanx::{Connect, Consumer, Context, HandlerError, Part, channel, handlers};

#[derive(Default, Part)]
struct Talk;

#[handlers(sends(Joined))]
impl Talk {}

#[derive(Default, Connect)]
struct Hall {
    talk: Talk,
}

impl Consumer for Hall {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        ctx.broadcast(Joined).await?;
        Ok(())
    }
}

#[channel(name = "hall", include(self.talk: Talk))]
impl Hall {}

fn main() {}
