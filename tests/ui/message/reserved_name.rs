//! A message whose name is an action of the framework.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, chanx::Message)]
struct Error {
    text: String,
}

fn main() {}
