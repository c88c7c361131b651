//! An event that cannot be cloned.

use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, chanx::Event)]
struct Paid;

fn main() {}
