//! The buffer of a thread, to which bytes are read before they belong to a connection.

use std::cell::Cell;

thread_local! {
    static CHUNK: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Lends the thread's read buffer, of which one serves all of its connections.
///
/// An idle connection so has none of its own, but for a small one of the
/// protocol's. What is left in it when `read` returns is lost.
pub(super) fn lend<R>(size: usize, read: impl FnOnce(&mut [u8]) -> R) -> R {
    CHUNK.with(|place| {
        let mut chunk = place.take();
        if chunk.len() < size {
            chunk.resize(size, 0);
        }
        let result = read(&mut chunk[..size]);
        place.set(chunk);
        result
    })
}
