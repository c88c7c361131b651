//! A key that events do not have.

use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize, chanx::Event)]
#[event(example = Paid)]
struct Paid;

fn main() {}
