//! The queue of frames that wait to be written.

use std::{collections::VecDeque, io::IoSlice, mem};

use bytes::Buf;

use crate::Frame;

/// Frames in the order in which they go out, as bytes.
///
/// It is read as a [`Buf`]: `chunks_vectored` lists header and payload of each
/// frame, so that one system call writes many without copying them together,
/// and `advance` says how much of it was taken.
#[derive(Debug, Default)]
pub struct Output {
    frames: VecDeque<Frame>,
    /// The length of the first frame's header that has been taken. What has been taken
    /// of its payload is gone.
    header: usize,
    remaining: usize,
}

/// The room that is kept while there is nothing to write.
const KEPT: usize = 4;

impl Output {
    pub(crate) fn push(&mut self, frame: Frame) {
        self.remaining += frame.header().len() + frame.payload().len();
        self.frames.push_back(frame);
    }

    /// Copies as much as fits from the beginning, and takes nothing.
    ///
    /// For streams that do not gather: header and payload come together.
    pub fn copy_to(&self, mut buffer: &mut [u8]) {
        let mut taken = self.header;
        for frame in &self.frames {
            for chunk in [&frame.header()[mem::take(&mut taken)..], frame.payload()] {
                let length = chunk.len().min(buffer.len());
                buffer[..length].copy_from_slice(&chunk[..length]);
                buffer = &mut buffer[length..];
            }
        }
    }

    /// Headers and payloads, none of them empty.
    fn chunks(&self) -> impl Iterator<Item = &[u8]> {
        let mut taken = self.header;
        let chunks = self.frames.iter().flat_map(move |frame| {
            let header = &frame.header()[mem::take(&mut taken)..];
            [header, frame.payload()]
        });
        chunks.filter(|chunk| !chunk.is_empty())
    }
}

impl Buf for Output {
    fn remaining(&self) -> usize {
        self.remaining
    }

    fn chunk(&self) -> &[u8] {
        match self.frames.front() {
            None => &[],
            Some(first) if self.header < first.header().len() => &first.header()[self.header..],
            Some(first) => first.payload(),
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
    fn advance(&mut self, mut count: usize) {
        assert!(count <= self.remaining, "more was taken than there was");
        self.remaining -= count;
        if self.remaining == 0 {
            (self.header, count) = (0, 0);
            self.frames.clear();
        }
        while let Some(first) = self.frames.front_mut() {
            let header = count.min(first.header().len() - self.header);
            self.header += header;
            count -= header;
            let payload = count.min(first.payload().len());
            first.payload_mut().advance(payload);
            count -= payload;
            if self.header < first.header().len() || !first.payload().is_empty() {
                break;
            }
            self.frames.pop_front();
            self.header = 0;
        }
        if self.frames.is_empty() && self.frames.capacity() > KEPT {
            self.frames = VecDeque::new();
        }
    }
}
