//! Frames that are written at once, as most answers are: many in one allocation.

use std::cell::RefCell;

use bytes::{Bytes, BytesMut};

/// The room that one allocation has for frames.
const PAGE: usize = 4 * 1024;

/// The longest frame of which several share an allocation.
const SHORT: usize = 1024;

thread_local! {
    /// The page that is being filled.
    ///
    /// It is filled from its beginning once more when all its frames have been written.
    static FILLING: RefCell<BytesMut> = RefCell::new(BytesMut::with_capacity(PAGE));
}

/// The bytes of a frame that is written at once.
///
/// They keep their whole page for as long as they live: whoever has such a frame wait
/// asks for its [`own`] bytes.
pub(super) fn copy(frame: &[u8]) -> Bytes {
    if frame.len() > SHORT {
        return Bytes::copy_from_slice(frame);
    }
    let filled = FILLING.try_with(|page| {
        let mut page = page.borrow_mut();
        page.extend_from_slice(frame);
        page.split().freeze()
    });
    // The page goes when the thread ends.
    filled.unwrap_or_else(|_| Bytes::copy_from_slice(frame))
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

    #[test]
    fn a_page_is_filled_anew_once_its_frames_are_gone() {
        let first = copy(&[1; SHORT]).as_ptr();
        for _ in 1..PAGE / SHORT {
            copy(&[2; SHORT]);
        }

        assert_eq!(copy(&[3]).as_ptr(), first);
    }

    #[test]
    fn a_frame_that_is_kept_stays_as_it_is() {
        let kept = copy(b"kept");
        for _ in 0..2 * PAGE / SHORT {
            copy(&[2; SHORT]);
        }

        assert_eq!(kept, "kept");
    }

    #[test]
    fn a_frame_that_waits_keeps_no_page() {
        let frames = [copy(b"short"), copy(&[1; SHORT]), copy(&[2; SHORT + 1])];

        for frame in frames {
            let (bytes, frame) = (frame.to_vec(), own(frame));
            assert!(frame.is_unique());
            assert_eq!(frame, bytes);
        }
    }
}
