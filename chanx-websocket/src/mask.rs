//! The mask that a client lays over each payload (RFC 6455 §5.3).

/// Takes a mask off a part of a payload that begins at `offset`.
///
/// Eight bytes at a time: byte by byte, it would cost more than all else that
/// is done with a message.
#[inline]
pub(crate) fn unmask(part: &mut [u8], mask: [u8; 4], offset: usize) {
    let mut mask = mask;
    mask.rotate_left(offset % 4);
    let [a, b, c, d] = mask;
    let word = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (words, rest) = part.as_chunks_mut();
    for bytes in words {
        *bytes = (u64::from_ne_bytes(*bytes) ^ word).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip([a, b, c, d, a, b, c]) {
        *byte ^= mask;
    }
}
