//! The messages of a node to itself, by which it knows that it hears.

use parking_lot::Mutex;

/// The messages of a node to itself.
#[derive(Debug, Default)]
pub(super) struct Probe(Mutex<Numbers>);

/// The numbers of the last that was sent, and of the last that has come back. Later
/// ones have higher numbers, and none is 0.
#[derive(Debug, Default)]
struct Numbers {
    sent: u64,
    heard: u64,
}

impl Probe {
    /// True if the last has not come back.
    pub(super) fn is_awaited(&self) -> bool {
        let numbers = self.0.lock();
        numbers.heard < numbers.sent
    }

    pub(super) fn sent(&self, number: u64) {
        self.0.lock().sent = number;
    }

    pub(super) fn heard(&self, number: u64) {
        let mut numbers = self.0.lock();
        numbers.heard = numbers.heard.max(number);
    }

    /// Awaits none any more: what was sent before an outage may be lost.
    pub(super) fn forget(&self) {
        *self.0.lock() = Numbers::default();
    }
}
