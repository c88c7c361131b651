//! A consumer that is a union.

#[derive(chanx::Consumer)]
union Lobby {
    name: u8,
}

impl Default for Lobby {
    fn default() -> Self {
        Self { name: 0 }
    }
}

fn main() {}
