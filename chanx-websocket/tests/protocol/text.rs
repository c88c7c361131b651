//! §8.1, that text is UTF-8.

use chanx_websocket::ReadError;

use crate::client::{BINARY, CONTINUATION, FIN, Server, TEXT, error, frame, hear, text};

const EVERY_WIDTH: &str = "a\u{7f}\u{80}é\u{7ff}\u{800}€\u{ffff}\u{10000}𝄞\u{10ffff}";

/// Each of them wrong, from the byte at which nothing behind it could help.
const WRONG: &[(&[u8], usize)] = &[
    (b"\x80", 0),
    (b"a\xC0\xAF", 1),
    (b"\xE0\x80\xAF", 1),
    (b"\xED\xA0\x80", 1),
    (b"\xF4\x90\x80\x80", 1),
    (b"\xF5", 0),
    (b"\xE2\x28\xA1", 1),
    (b"\xF0\x9D\x84a", 3),
];

#[test]
fn text_of_every_width_is_read_however_it_is_cut() {
    let bytes = EVERY_WIDTH.as_bytes();
    for first in 0..=bytes.len() {
        for second in first..=bytes.len() {
            let frames = [
                frame(TEXT, &bytes[..first]),
                frame(CONTINUATION, &bytes[first..second]),
                frame(FIN | CONTINUATION, &bytes[second..]),
            ];
            assert_eq!(hear(&frames.concat()), (vec![text(EVERY_WIDTH)], None));
        }
    }
}

#[test]
fn text_that_is_not_utf_8_is_an_error() {
    for (bytes, _) in WRONG {
        let whole = frame(FIN | TEXT, bytes);
        assert_eq!(error(&whole), Some(ReadError::InvalidUtf8), "{bytes:x?}");
    }
}

#[test]
fn it_is_an_error_as_soon_as_no_more_bytes_could_help() {
    for (bytes, wrong) in WRONG {
        let mut server = Server::new();
        // Of a longer frame, so that its end does not tell.
        let frame = frame(TEXT, &[bytes, &[b' '; 10][..]].concat());
        let header = 6;

        server.read(&frame[..header + wrong]);
        assert_eq!(server.error, None, "{bytes:x?}");
        server.read(&frame[header + wrong..=header + wrong]);
        assert_eq!(server.error, Some(ReadError::InvalidUtf8), "{bytes:x?}");
    }
}

#[test]
fn text_that_ends_within_a_character_is_an_error_at_the_end_of_the_message() {
    let first = frame(TEXT, b"\xE2");
    assert_eq!(error(&first), None);
    for last in [frame(FIN, b""), frame(FIN, b"\x82"), frame(FIN, b"a")] {
        let frames = [&first[..], &last].concat();
        assert_eq!(error(&frames), Some(ReadError::InvalidUtf8));
    }
}

#[test]
fn bytes_may_be_anything() {
    for (bytes, _) in WRONG {
        let frames = [frame(BINARY, bytes), frame(FIN, bytes)].concat();
        assert_eq!(error(&frames), None);
    }
}
