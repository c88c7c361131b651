//! The context of a part that the consumer does not include.

#![allow(dead_code, unused_variables)]

use chanx::{Connect, Consumer, Context, HandlerError, Part, channel, handlers};

#[derive(Default, Part)]
struct Talk;

#[handlers]
impl Talk {
    async fn greet(&mut self, ctx: &mut Context<Self>) {}
}

#[derive(Default, Connect)]
struct Hall {
    talk: Talk,
}

impl Consumer for Hall {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        self.talk.greet(ctx.part()).await;
        Ok(())
    }
}

#[channel(name = "hall")]
impl Hall {}

fn main() {}
