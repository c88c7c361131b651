//! A message with a type parameter.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, chanx::Message)]
struct Page<T> {
    items: Vec<T>,
}

fn main() {}
