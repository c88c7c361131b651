//! An example that is not the message.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, chanx::Message)]
#[message(example = "done")]
struct Done;

fn main() {}
