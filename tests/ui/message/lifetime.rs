//! A message that borrows.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, chanx::Message)]
struct Line<'a> {
    text: &'a str,
}

fn main() {}
