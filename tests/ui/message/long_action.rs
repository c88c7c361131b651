//! A message whose action no frame may carry.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, chanx::Message)]
#[message(action = "over_and_over_and_over_and_over_and_over_and_over_and_over_and_over_and_over_and_over_and_over_and_over_and_over_and_over_and_over_and_")]
struct Done;

fn main() {}
