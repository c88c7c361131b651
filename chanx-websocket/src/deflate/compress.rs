//! Compressing a message (RFC 7692 §7.2.1).

use std::cell::RefCell;

use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress, Status};

use super::{TAIL, Window};

/// Measured with JSON of 300 bytes to 64 KiB: level 1 takes half the time and
/// leaves a third more, level 6 takes up to three times as long and leaves a
/// tenth less.
const LEVEL: u32 = 2;

thread_local! {
    /// One for each window, made when it is first needed: of 251, 265 and 380 KB.
    static COMPRESSORS: RefCell<[Option<Compress>; 3]> = const { RefCell::new([const { None }; 3]) };
}

/// Compresses a message; `None` where that would not make it smaller.
///
/// Nothing in it refers further back than `window`, nor to another message. The
/// memory that it takes is the thread's, up to 380 KB for each window.
#[must_use]
pub fn deflate(message: &[u8], window: Window) -> Option<Bytes> {
    let window = window.for_message(message.len());
    COMPRESSORS.with_borrow_mut(|compressors| {
        let compressor = compressors[window as usize].get_or_insert_with(|| {
            Compress::new_with_window_bits(Compression::new(LEVEL), false, window.bits())
        });
        compressor.reset();
        compress(compressor, message)
    })
}

/// "Compress all the octets of the payload of the message using DEFLATE", end
/// with an empty block that is not compressed, and "remove 4 octets from the tail end".
fn compress(compressor: &mut Compress, message: &[u8]) -> Option<Bytes> {
    // Room for as much as would be worth it, and a flush that fills it to the
    // last byte would not be known to be complete.
    let mut output = Vec::with_capacity(message.len() + TAIL.len());
    let status = compressor.compress_vec(message, &mut output, FlushCompress::Sync);
    let complete = matches!(status, Ok(Status::Ok))
        && compressor.total_in() == message.len() as u64
        && output.len() < output.capacity();
    let length = output
        .len()
        .checked_sub(TAIL.len())
        .filter(|length| *length < message.len());
    let length = length.filter(|_| complete && output.ends_with(&TAIL))?;
    output.truncate(length);
    Some(output.into_boxed_slice().into())
}
