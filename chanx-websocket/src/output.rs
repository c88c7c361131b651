//! The queue of frames that wait to be written.

use std::{collections::VecDeque, io::IoSlice, mem};

use bytes::{Buf, Bytes};

use crate::Frame;

/// Frames in the order in which they go out, as bytes.
///
/// It is read as a [`Buf`]: `chunks_vectored` lists what waits, piece by piece,
/// and `advance` says how much of it was taken. Headers and short payloads are
/// copied together, since to write one piece costs less than two; a payload of
/// more than 4 KiB is a piece of its own, the same bytes for all whom it goes to.
/// The buffer for the copies is kept when all has been written, unless it is
/// [taken](Self::take_buffer).
#[derive(Debug, Default)]
pub struct Output {
    /// Headers and short payloads, in their order.
    bytes: Vec<u8>,
    /// The length of `bytes` that has been taken.
    taken: usize,
    /// What is left of the long payloads, and where each goes between the bytes.
    long: VecDeque<Long>,
    /// The length of all that is left of the long payloads.
    long_len: usize,
}

#[derive(Debug)]
struct Long {
    /// The length of the bytes before it.
    at: usize,
    payload: Bytes,
}

/// The longest payload that is copied.
const SHORT: usize = 4096;

/// The most bytes that are kept once they have been taken, while others wait.
const TAKEN: usize = 4096;

impl Output {
    #[inline(always)]
    pub(crate) fn push(&mut self, frame: Frame) {
        let length = frame.payload().len();
        frame.write_header(&mut self.bytes);
        if length <= SHORT {
            self.bytes.extend_from_slice(frame.payload());
            return;
        }
        self.long_len += length;
        self.long.push_back(Long {
            at: self.bytes.len(),
            payload: frame.into_payload(),
        });
    }

    /// True if nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.long.is_empty()
    }

    /// Lends it a buffer to copy into, while it has none.
    ///
    /// So one buffer serves many connections, of which few have anything to
    /// write at a time; [`take_buffer`](Self::take_buffer) takes it back.
    #[inline]
    pub fn lend_buffer(&mut self, buffer: impl FnOnce() -> Vec<u8>) {
        if self.bytes.capacity() == 0 {
            self.bytes = buffer();
            self.bytes.clear();
        }
    }

    /// Takes the buffer, unless all of it waits to be written.
    ///
    /// What waits in it goes on in one that is as large as that.
    #[inline(always)]
    #[must_use]
    pub fn take_buffer(&mut self) -> Option<Vec<u8>> {
        if self.bytes.is_empty() {
            return Some(mem::take(&mut self.bytes));
        }
        if self.bytes.capacity() == self.bytes.len() {
            return None;
        }
        let waiting = self.bytes[self.taken..].into();
        for long in &mut self.long {
            long.at -= self.taken;
        }
        self.taken = 0;
        Some(mem::replace(&mut self.bytes, waiting))
    }

    /// Copies as much as fits from the beginning, and takes nothing.
    ///
    /// For streams that do not gather: header and payload come together.
    pub fn copy_to(&self, mut buffer: &mut [u8]) {
        for chunk in self.chunks() {
            let length = chunk.len().min(buffer.len());
            buffer[..length].copy_from_slice(&chunk[..length]);
            buffer = &mut buffer[length..];
        }
    }

    /// Bytes and long payloads in turns, none of them empty.
    fn chunks(&self) -> impl Iterator<Item = &[u8]> {
        let mut from = self.taken;
        let gathered = self.long.iter().flat_map(move |long| {
            let before = &self.bytes[mem::replace(&mut from, long.at)..long.at];
            [before, &*long.payload]
        });
        let last = self.long.back().map_or(self.taken, |long| long.at);
        let chunks = gathered.chain([&self.bytes[last..]]);
        chunks.filter(|chunk| !chunk.is_empty())
    }

    /// Takes bytes and long payloads, of which something is left behind.
    fn advance_within(&mut self, mut count: usize) {
        while let Some(long) = self.long.front_mut() {
            let before = count.min(long.at - self.taken);
            self.taken += before;
            count -= before;
            let length = count.min(long.payload.len());
            long.payload.advance(length);
            self.long_len -= length;
            count -= length;
            if self.taken < long.at || !long.payload.is_empty() {
                break;
            }
            self.long.pop_front();
        }
        self.taken += count;
        if self.taken > TAKEN.max(self.bytes.len() / 2) {
            self.drop_taken();
        }
    }

    fn drop_taken(&mut self) {
        for long in &mut self.long {
            long.at -= self.taken;
        }
        self.bytes.drain(..mem::take(&mut self.taken));
    }
}

impl Buf for Output {
    #[inline]
    fn remaining(&self) -> usize {
        self.bytes.len() - self.taken + self.long_len
    }

    #[inline]
    fn chunk(&self) -> &[u8] {
        match self.long.front() {
            None => &self.bytes[self.taken..],
            Some(long) if self.taken < long.at => &self.bytes[self.taken..long.at],
            Some(long) => &long.payload,
        }
    }

    fn chunks_vectored<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let mut filled = 0;
        for (slice, chunk) in slices.iter_mut().zip(self.chunks()) {
            *slice = IoSlice::new(chunk);
            filled += 1;
        }
        filled
    }

    /// # Panics
    ///
    /// When there is not as much.
    #[inline]
    fn advance(&mut self, count: usize) {
        let remaining = self.remaining();
        assert!(count <= remaining, "more was taken than there was");
        if count < remaining {
            return self.advance_within(count);
        }
        self.bytes.clear();
        self.taken = 0;
        if self.long_len > 0 {
            self.long = VecDeque::new();
            self.long_len = 0;
        }
    }
}
