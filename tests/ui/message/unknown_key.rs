//! A key that a message does not have.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, chanx::Message)]
#[message(name = "done")]
struct Done;

fn main() {}
