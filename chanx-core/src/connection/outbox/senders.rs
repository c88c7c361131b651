//! The senders that wait for room in an outbox.

use std::{collections::VecDeque, task::Waker};

/// The senders that wait for room, by the order of their arrival.
#[derive(Debug, Default)]
pub(super) struct Senders {
    waiting: VecDeque<(u64, Waker)>,
    arrivals: u64,
}

impl Senders {
    /// The turn of one that arrives.
    pub(super) fn arrive(&mut self) -> u64 {
        self.arrivals += 1;
        self.arrivals
    }

    /// The first, who waits no longer.
    pub(super) fn next(&mut self) -> Option<Waker> {
        self.waiting.pop_front().map(|(_, sender)| sender)
    }

    /// Has a sender wait for its turn.
    pub(super) fn wait(&mut self, turn: u64, sender: Waker) {
        match self.place_of(turn) {
            Ok(place) => self.waiting[place].1 = sender,
            Err(place) => self.waiting.insert(place, (turn, sender)),
        }
    }

    /// Has a sender wait no longer; false where it did not, because it was woken.
    pub(super) fn leave(&mut self, turn: u64) -> bool {
        let place = self.place_of(turn);
        place.is_ok_and(|place| self.waiting.remove(place).is_some())
    }

    /// All of them, who wait no longer. Their turns are given to nobody else.
    pub(super) fn take_all(&mut self) -> VecDeque<(u64, Waker)> {
        std::mem::take(&mut self.waiting)
    }

    fn place_of(&self, turn: u64) -> Result<usize, usize> {
        self.waiting.binary_search_by_key(&turn, |(turn, _)| *turn)
    }
}
