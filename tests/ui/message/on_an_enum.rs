//! A message that is an enum.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, chanx::Message)]
enum Movement {
    Enter,
    Leave,
}

fn main() {}
