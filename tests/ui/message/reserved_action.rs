//! A message that takes an action of the framework.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, chanx::Message)]
#[message(action = "complete")]
struct Done;

fn main() {}
