//! §5.4, fragmentation.

use chanx_websocket::ReadError;

use crate::client::{
    BINARY, CLOSE, CONTINUATION, FIN, Heard, PING, PONG, Server, TEXT, binary, error, frame, hear,
    text,
};

#[test]
fn fragments_are_put_together() {
    let frames = [
        frame(TEXT, b"in "),
        frame(CONTINUATION, b""),
        frame(CONTINUATION, b"three pie"),
        frame(FIN | CONTINUATION, b"ces"),
        frame(BINARY, b""),
        frame(FIN | CONTINUATION, b""),
        frame(FIN | TEXT, b"in one"),
    ];

    let (heard, _) = hear(&frames.concat());

    let expected = [text("in three pieces"), binary(b""), text("in one")];
    assert_eq!(heard, expected);
}

#[test]
fn control_frames_come_between_fragments() {
    let frames = [
        frame(BINARY, b"a"),
        frame(FIN | PING, b"1"),
        frame(CONTINUATION, b"b"),
        frame(FIN | PONG, b"2"),
        frame(FIN | CONTINUATION, b"c"),
    ];
    let heard_in_pieces = |size: usize| {
        let mut server = Server::new();
        for piece in frames.concat().chunks(size) {
            server.read(piece);
        }
        (server.heard.clone(), server.written())
    };

    for size in [1, 2, 3, 7, 100] {
        let (heard, written) = heard_in_pieces(size);
        let ping = Heard::Ping("1".into());
        let pong = Heard::Pong("2".into());
        assert_eq!(heard, [ping, pong, binary(b"abc")], "in pieces of {size}");
        assert_eq!(written, b"\x8A\x011"[..]);
    }
}

#[test]
fn a_close_frame_between_fragments_ends_the_connection() {
    let frames = [
        frame(BINARY, b"a"),
        frame(FIN | CLOSE, b""),
        frame(FIN | CONTINUATION, b"b"),
    ];

    assert_eq!(hear(&frames.concat()), (vec![Heard::Close(None)], None));
}

#[test]
fn a_continuation_of_nothing_is_an_error() {
    for first in [CONTINUATION, FIN | CONTINUATION] {
        let frames = [frame(FIN | TEXT, b"whole"), frame(first, b"more")].concat();

        let (heard, error) = hear(&frames);

        assert_eq!(heard, [text("whole")]);
        assert_eq!(error, Some(ReadError::UnexpectedContinuation));
    }
}

#[test]
fn a_message_inside_another_is_an_error() {
    for first in [TEXT, BINARY, FIN | TEXT, FIN | BINARY] {
        let frames = [frame(TEXT, b"begun"), frame(first, b"another")];

        assert_eq!(
            error(&frames.concat()),
            Some(ReadError::ExpectedContinuation)
        );
        let mut server = Server::new();
        server.read(&frames[0]).read(&frames[1]);
        assert_eq!(server.error, Some(ReadError::ExpectedContinuation));
        assert_eq!(server.heard, []);
    }
}

#[test]
fn a_control_frame_in_fragments_is_an_error() {
    for opcode in [CLOSE, PING, PONG] {
        assert_eq!(
            error(&frame(opcode, b"")),
            Some(ReadError::FragmentedControl)
        );
    }
}

#[test]
fn a_message_begins_with_a_fresh_mind_after_fragments() {
    let split_euro = [frame(TEXT, b"\xE2\x82"), frame(FIN | CONTINUATION, b"\xAC")];
    let not_text = frame(FIN | BINARY, b"\xFF");

    let (heard, error) = hear(&[split_euro.concat(), not_text].concat());

    assert_eq!((heard, error), (vec![text("€"), binary(b"\xFF")], None));
}
