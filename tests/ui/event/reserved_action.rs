//! An event that takes an action of the framework.

use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize, chanx::Event)]
#[event(action = "error")]
struct Failed;

fn main() {}
