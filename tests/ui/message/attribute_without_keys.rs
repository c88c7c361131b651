//! An attribute that says nothing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, chanx::Message)]
#[message = "done"]
struct Done;

fn main() {}
