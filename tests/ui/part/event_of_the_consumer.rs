//! A part that handles an event which its consumer passes through.

#![allow(dead_code, unused_variables)]

use chanx::{Connect, Consumer, Event, Message, Part, channel, handlers};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Default, Part)]
struct Till;

#[handlers]
impl Till {
    #[event_handler]
    async fn paid(&mut self, event: Paid) {}
}

#[derive(Default, Connect, Consumer)]
struct Hall {
    till: Till,
}

#[channel(name = "hall", passthrough(Paid), include(self.till: Till))]
impl Hall {}

#[derive(Clone, Serialize, Deserialize, JsonSchema, Message, Event)]
struct Paid;

fn main() {}
