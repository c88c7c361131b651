//! The page of a thread, into which it writes its frames.

use std::{cell::Cell, io};

use bytes::{Bytes, BytesMut};

/// The room that one allocation has for frames.
const PAGE: usize = 4 * 1024;

/// The longest frame of which several share an allocation.
const SHORT: usize = 1024;

/// A frame beyond this is not copied, and takes its page along.
const LONG: usize = 16 * 1024;

thread_local! {
    /// The page that is being filled, unless it is lent.
    ///
    /// It is filled from its beginning once more when all its frames have been written.
    static FILLING: Cell<Option<Page>> = const { Cell::new(None) };
}

/// Room for frames: the one that is being written is at its beginning.
pub(super) struct Page {
    /// Bytes to be written over: serde_json writes each quote by itself, and to copy into a
    /// slice costs less than to grow a buffer does.
    room: BytesMut,
    /// The length of what has been written.
    len: usize,
}

impl Page {
    /// The thread's own, to write one frame into.
    ///
    /// Taken rather than borrowed, since serialising may encode in turn.
    #[inline]
    pub(super) fn of_thread() -> Self {
        let page = FILLING.try_with(Cell::take).ok().flatten();
        page.unwrap_or_else(|| Self {
            room: BytesMut::zeroed(PAGE),
            len: 0,
        })
    }

    #[inline]
    pub(super) fn extend_from_slice(&mut self, bytes: &[u8]) {
        let end = self.len + bytes.len();
        match self.room.get_mut(self.len..end) {
            Some(place) => place.copy_from_slice(bytes),
            None => self.extend_room(bytes),
        }
        self.len = end;
    }

    /// Writes more than there is room for: into the room of frames that are gone, or into
    /// a larger page.
    #[cold]
    #[inline(never)]
    fn extend_room(&mut self, bytes: &[u8]) {
        self.room.truncate(self.len);
        self.room.extend_from_slice(bytes);
        self.room.resize(self.room.capacity(), 0);
    }

    /// The frame, in an allocation of its own.
    pub(super) fn into_frame(mut self) -> Bytes {
        if self.len > LONG {
            self.room.truncate(self.len);
            return self.room.freeze();
        }
        let frame = Bytes::copy_from_slice(&self.room[..self.len]);
        self.keep();
        frame
    }

    /// The frame of something that is written at once: where it is, if it is short.
    ///
    /// Its bytes keep their whole page for as long as they live: whoever has such a frame
    /// wait asks for its [`own`] bytes.
    pub(super) fn into_passing_frame(mut self) -> Bytes {
        if self.len > SHORT {
            return self.into_frame();
        }
        let frame = self.room.split_to(self.len).freeze();
        self.keep();
        frame
    }

    /// Gives the page back to the thread.
    #[inline]
    fn keep(mut self) {
        self.len = 0;
        // The thread may be ending.
        let _ = FILLING.try_with(|filling| filling.set(Some(self)));
    }
}

impl io::Write for Page {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The same bytes, in an allocation of their own if they are in the page being filled.
pub(crate) fn own(frame: Bytes) -> Bytes {
    match frame.len() <= SHORT && !frame.is_unique() {
        true => Bytes::copy_from_slice(&frame),
        false => frame,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame that is written at once.
    fn passing(frame: &[u8]) -> Bytes {
        let mut page = Page::of_thread();
        page.extend_from_slice(frame);
        page.into_passing_frame()
    }

    #[test]
    fn a_page_is_filled_anew_once_its_frames_are_gone() {
        let first = passing(&[1; SHORT]).as_ptr();
        for _ in 1..PAGE / SHORT {
            passing(&[2; SHORT]);
        }

        assert_eq!(passing(&[3]).as_ptr(), first);
    }

    #[test]
    fn a_frame_that_is_kept_stays_as_it_is() {
        let kept = passing(b"kept");
        for _ in 0..2 * PAGE / SHORT {
            passing(&[2; SHORT]);
        }

        assert_eq!(kept, "kept");
    }

    #[test]
    fn frames_of_any_length_are_written_whole() {
        let mut kept = Vec::new();
        for length in (0..3 * LONG).step_by(37) {
            let text: Vec<_> = (0..length).map(|index| (index % 251) as u8).collect();
            let mut page = Page::of_thread();
            text.chunks(100)
                .for_each(|part| page.extend_from_slice(part));
            let frame = match length % 2 {
                0 => page.into_frame(),
                _ => page.into_passing_frame(),
            };
            assert_eq!(frame, text);
            if length % 3 == 0 {
                kept.push((frame, text));
            }
        }

        for (frame, text) in kept {
            assert_eq!(frame, text);
        }
    }

    #[test]
    fn a_frame_that_waits_keeps_no_page() {
        let frames = [
            passing(b"short"),
            passing(&[1; SHORT]),
            passing(&[2; SHORT + 1]),
        ];

        for frame in frames {
            let (bytes, frame) = (frame.to_vec(), own(frame));
            assert!(frame.is_unique());
            assert_eq!(frame, bytes);
        }
    }
}
