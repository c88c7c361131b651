//! A message whose action is empty.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, chanx::Message)]
#[message(action = "")]
struct Done;

fn main() {}
