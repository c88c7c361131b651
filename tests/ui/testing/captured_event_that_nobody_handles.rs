//! A test that expects an event which nobody handles.

#![allow(dead_code)]

use chanx::{Connect, Consumer, Event, channel};
use chanx_testing::CaptureLayer;
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize, Event)]
struct Audited;

#[derive(Default, Connect, Consumer)]
struct Room;

#[channel(name = "room")]
impl Room {}

fn test(capture: &CaptureLayer) {
    capture.expect_event::<Room, Audited>("lobby");
}

fn main() {}
