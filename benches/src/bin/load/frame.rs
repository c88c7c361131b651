//! As much of RFC 6455 as counting takes.

use std::io;

/// A mask that is neither zero nor palindromic, so that no server gets to skip
/// the work of unmasking.
const MASK: [u8; 4] = [0x12, 0x34, 0x56, 0x78];

const FINAL: u8 = 0x80;
const MASKED: u8 = 0x80;
const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;

/// A text message of less than 126 bytes, as a client sends it.
pub(crate) fn text(text: &str) -> Vec<u8> {
    client_frame(TEXT, text.as_bytes())
}

/// The close that ends a connection in good order, with code 1000.
pub(crate) fn close() -> Vec<u8> {
    client_frame(CLOSE, &1000_u16.to_be_bytes())
}

fn client_frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    assert!(payload.len() < 126, "the driver sends short frames only");
    let mut frame = vec![FINAL | opcode, MASKED | payload.len() as u8];
    frame.extend(MASK);
    frame.extend(
        payload
            .iter()
            .zip(MASK.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    frame
}

/// Counts the messages in what a server sends, wherever reads cut it.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    header: [u8; 10],
    header_len: usize,
    payload_left: u64,
}

impl Counter {
    /// The number of text messages that end in `bytes`. Pings and pongs are passed over.
    ///
    /// # Errors
    ///
    /// When the server closes, or sends what no workload asks for.
    pub(crate) fn count(&mut self, mut bytes: &[u8]) -> io::Result<u64> {
        let mut messages = 0;
        while let Some((&byte, rest)) = bytes.split_first() {
            if self.in_header() {
                self.header[self.header_len] = byte;
                self.header_len += 1;
                bytes = rest;
                if !self.in_header() {
                    self.payload_left = payload_len(&self.header);
                }
            } else {
                let taken = self.payload_left.min(bytes.len() as u64);
                self.payload_left -= taken;
                bytes = &bytes[taken as usize..];
            }
            if !self.in_header() && self.payload_left == 0 {
                messages += message(self.header[0])?;
                self.header_len = 0;
            }
        }
        Ok(messages)
    }

    fn in_header(&self) -> bool {
        self.header_len < 2 || self.header_len < header_len(self.header[1])
    }
}

/// The length of the header, by its second byte.
pub(crate) fn header_len(second: u8) -> usize {
    match second {
        126 => 4,
        127 => 10,
        _ => 2,
    }
}

fn payload_len(header: &[u8; 10]) -> u64 {
    let [_, second, a, b, c, d, e, f, g, h] = *header;
    match second {
        126 => u64::from(u16::from_be_bytes([a, b])),
        127 => u64::from_be_bytes([a, b, c, d, e, f, g, h]),
        short => u64::from(short),
    }
}

/// The messages that a frame counts for, by its first byte.
fn message(first: u8) -> io::Result<u64> {
    const FINAL_TEXT: u8 = FINAL | TEXT;
    const PING: u8 = FINAL | 0x9;
    const PONG: u8 = FINAL | 0xA;
    match first {
        FINAL_TEXT => Ok(1),
        PING | PONG => Ok(0),
        other => Err(io::Error::other(format!(
            "the server sent a frame that begins with {other:#04x}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_counted_wherever_reads_cut_them() {
        let mut stream = vec![0x81, 2, b'h', b'i', 0x89, 0, 0x81, 0, 0x81, 126, 1, 0];
        stream.extend([b'x'; 256]);

        for cut in 0..stream.len() {
            let mut counter = Counter::default();
            let messages =
                counter.count(&stream[..cut]).unwrap() + counter.count(&stream[cut..]).unwrap();
            assert_eq!(messages, 3, "cut at {cut}");
        }
    }

    #[test]
    fn a_close_is_an_error() {
        assert!(Counter::default().count(&[0x88, 0]).is_err());
    }
}
