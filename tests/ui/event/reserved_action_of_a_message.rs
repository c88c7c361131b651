//! An event that is a message too, with an action of the framework.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize, JsonSchema, chanx::Message, chanx::Event)]
#[message(action = "error")]
struct Failed;

fn main() {}
