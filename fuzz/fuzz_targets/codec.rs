//! Bytes of a client, in pieces, to the codec and to tungstenite.
//!
//! Run with `cargo +nightly fuzz run codec`.

#![no_main]

#[path = "../../chanx-websocket/tests/protocol/duel.rs"]
mod duel;

use duel::{Sent, Step, duel};
use libfuzzer_sys::fuzz_target;

const LIMIT: usize = 1000;

// Two bytes say how the others are cut, and what is sent between them.
fuzz_target!(|input: &[u8]| {
    let [cuts, sends, stream @ ..] = input else {
        return;
    };
    let mut rest = stream;
    let mut dice = Dice(u32::from(*cuts));
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let most = if cuts % 2 == 0 { 8 } else { 400 };
        let length = 1 + dice.roll(most);
        let (piece, behind) = rest.split_at(length.min(rest.len()));
        steps.push(Step::Come(piece));
        if dice.roll(64) < usize::from(*sends) % 32 {
            steps.push(Step::Send(dice.sent()));
        }
        rest = behind;
    }
    duel(LIMIT, &steps);
});

/// Numbers that look like chance, and are the same each time.
struct Dice(u32);

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: u32) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((self.0 >> 16) % sides) as usize
    }

    fn sent(&mut self) -> Sent<'static> {
        match self.roll(16) {
            0 => Sent::Close(1001, "going away"),
            1..4 => Sent::Ping,
            4..10 => Sent::Text("text"),
            _ => Sent::Binary(&[0xFF; 200]),
        }
    }
}
