//! An event that is an enum.

use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize, chanx::Event)]
enum Door {
    Opened,
    Closed,
}

fn main() {}
