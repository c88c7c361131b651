//! Text that is made while compiling.

use core::str;

/// A panic's text, put together while compiling.
pub(super) struct Text {
    bytes: [u8; Self::CAPACITY],
    length: usize,
}

impl Text {
    const CAPACITY: usize = 1024;

    pub(super) const fn new() -> Self {
        Self {
            bytes: [0; Self::CAPACITY],
            length: 0,
        }
    }

    /// Appends words, or leaves them out whole where there is no room.
    pub(super) const fn with(mut self, words: &str) -> Self {
        let words = words.as_bytes();
        if self.length + words.len() <= Self::CAPACITY {
            let (_, room) = self.bytes.split_at_mut(self.length);
            let (place, _) = room.split_at_mut(words.len());
            place.copy_from_slice(words);
            self.length += words.len();
        }
        self
    }

    #[track_caller]
    pub(super) const fn panic(&self) -> ! {
        let (written, _) = self.bytes.split_at(self.length);
        match str::from_utf8(written) {
            Ok(text) => panic!("{}", text),
            Err(_) => panic!("an action is not free"),
        }
    }
}
