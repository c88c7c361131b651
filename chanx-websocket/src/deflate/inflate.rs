//! Decompressing a message (RFC 7692 §7.2.2).

use std::cell::RefCell;

use flate2::{Decompress, FlushDecompress, Status};

use super::TAIL;
use crate::ReadError;

/// Behind the [`TAIL`], the end of DEFLATE's own: an empty block that is the
/// last. A message that was cut off within a block does not get there.
const END: [u8; 5] = [0x01, 0x00, 0x00, 0xFF, 0xFF];

/// The room that is made at first, as a multiple of what came.
const USUAL_RATIO: usize = 4;

thread_local! {
    /// The window and tables, 48 KB in all, made when they are first needed.
    static DECOMPRESSOR: RefCell<Option<Decompress>> = const { RefCell::new(None) };
}

/// Decompresses a message of at most `limit` bytes.
///
/// The output never grows beyond the limit, however much it would become.
///
/// # Errors
///
/// When it is larger, or not what DEFLATE makes.
pub(crate) fn inflate(message: &[u8], limit: usize) -> Result<Vec<u8>, ReadError> {
    // zlib makes nothing of nothing.
    if message.is_empty() {
        return Ok(Vec::new());
    }
    DECOMPRESSOR.with_borrow_mut(|decompressor| {
        let decompressor = decompressor.get_or_insert_with(|| Decompress::new(false));
        decompressor.reset(false);
        let room = message.len().saturating_mul(USUAL_RATIO).min(limit);
        let mut inflating = Inflating {
            decompressor,
            output: Vec::with_capacity(room),
            limit,
        };
        let mut ended = inflating.push(message)?;
        // A message whose last block is DEFLATE's last (§7.2.3.4) should have a byte
        // behind it that the tail completes; some clients leave it out.
        if !ended {
            inflating.push(&TAIL)?;
            ended = inflating.push(&END)?;
        }
        ended.then_some(inflating.output).ok_or(ReadError::Deflate)
    })
}

struct Inflating<'a> {
    decompressor: &'a mut Decompress,
    output: Vec<u8>,
    limit: usize,
}

impl Inflating<'_> {
    /// Decompresses a part; says whether DEFLATE's last block ended with it.
    fn push(&mut self, mut part: &[u8]) -> Result<bool, ReadError> {
        loop {
            let before = self.decompressor.total_in();
            let status = self
                .decompressor
                .decompress_vec(part, &mut self.output, FlushDecompress::None)
                .map_err(|_| ReadError::Deflate)?;
            let taken = (self.decompressor.total_in() - before) as usize;
            part = &part[taken..];
            if self.output.len() > self.limit {
                return Err(ReadError::TooBig);
            }
            match status {
                Status::StreamEnd if part.is_empty() => return Ok(true),
                // The bytes behind the last block begin anew (§7.2.3.4).
                Status::StreamEnd => self.decompressor.reset(false),
                // There may be more of what has been taken.
                _ if self.output.len() == self.output.capacity() => self.make_room(),
                _ if part.is_empty() => return Ok(false),
                _ => return Err(ReadError::Deflate),
            }
        }
    }

    /// Grows the buffer as vectors do, but no further than to see that it is too much.
    fn make_room(&mut self) {
        let capacity = (2 * self.output.capacity()).max(64);
        let capacity = capacity.min(self.limit.saturating_add(1));
        self.output.reserve_exact(capacity - self.output.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Window, deflate};

    #[test]
    fn a_bomb_is_given_up_while_it_grows() {
        let bomb = deflate(&vec![0; 8 << 20], Window::Large).expect("it is smaller");
        let mut inflating = Inflating {
            decompressor: &mut Decompress::new(false),
            output: Vec::new(),
            limit: 1000,
        };

        assert_eq!(inflating.push(&bomb), Err(ReadError::TooBig));
        assert_eq!(inflating.output.len(), 1001);
        assert_eq!(inflating.output.capacity(), 1001);
    }
}
