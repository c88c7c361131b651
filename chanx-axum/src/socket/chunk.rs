//! The buffers of a thread, of which one serves all of its connections.
//!
//! An idle connection so has none of its own.

use std::cell::{Cell, RefCell};

thread_local! {
    static READ: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static WRITE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// The bytes left free before those that are read. A short frame has a header of six
/// bytes, so that its text begins at a multiple of eight, where it is checked word by word.
const BEFORE: usize = 2;

/// The most that is kept to write from.
const KEPT: usize = 64 * 1024;

/// Lends the buffer to which bytes are read before they belong to a connection.
///
/// What is left in it when `read` returns is lost.
pub(super) fn lend<R>(size: usize, read: impl FnOnce(&mut [u8]) -> R) -> R {
    READ.with(|place| {
        let (mut borrowed, mut spare);
        let chunk = match place.try_borrow_mut() {
            Ok(chunk) => {
                borrowed = chunk;
                &mut *borrowed
            }
            // The stream below has another socket of ours within.
            Err(_) => {
                spare = Vec::new();
                &mut spare
            }
        };
        let end = BEFORE + size;
        if chunk.len() < end {
            chunk.resize(end, 0);
        }
        read(&mut chunk[BEFORE..end])
    })
}

/// Takes the buffer from which frames are written; there is none while another has it.
pub(super) fn take_write_buffer() -> Vec<u8> {
    WRITE.take()
}

/// Brings a buffer back.
pub(super) fn return_write_buffer(returned: Vec<u8>) {
    if (1..=KEPT).contains(&returned.capacity()) {
        WRITE.set(returned);
    }
}
