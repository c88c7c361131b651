//! A message whose rules are not those that chanx can check.

use chanx::Message;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

struct Menu;

#[derive(Serialize, Deserialize, JsonSchema, garde::Validate, Message)]
#[garde(context(Menu))]
struct Order {
    #[garde(length(min = 1))]
    dish: String,
}

fn main() {}
