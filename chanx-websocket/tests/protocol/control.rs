//! §5.5.2 and §5.5.3, pings and pongs.

use chanx_websocket::{Close, Frame, ReadError, WriteError};

use crate::client::{CLOSE, FIN, Heard, PING, PONG, Server, close, error, frame};

#[test]
fn every_ping_is_answered_with_its_payload_in_order() {
    let mut server = Server::new();

    server.read(&[frame(FIN | PING, b"one"), frame(FIN | PING, b"")].concat());

    assert_eq!(server.written(), b"\x8A\x03one\x8A\x00"[..]);
}

#[test]
fn a_pong_is_heard_and_not_answered() {
    let mut server = Server::new();

    server.read(&frame(FIN | PONG, b"unasked"));

    assert_eq!(server.heard, [Heard::Pong("unasked".into())]);
    assert_eq!(server.written(), b""[..]);
}

#[test]
fn a_control_frame_has_at_most_125_bytes() {
    let longest = [b'l'; 125];
    let mut server = Server::new();
    server.read(&frame(FIN | PING, &longest));
    assert_eq!(server.written(), [&b"\x8A\x7D"[..], &longest].concat());

    for opcode in [CLOSE, PING, PONG] {
        let long = frame(FIN | opcode, &[b'l'; 126]);
        assert_eq!(error(&long), Some(ReadError::LongControl));
    }
}

#[test]
fn a_ping_behind_our_close_frame_is_heard_and_not_answered() {
    let mut server = Server::new();
    server.codec.write(Frame::close(None)).unwrap();
    server.written();

    server.read(&frame(FIN | PING, b"still there?"));

    assert_eq!(server.heard, [Heard::Ping("still there?".into())]);
    assert_eq!(server.written(), b""[..]);
}

#[test]
fn behind_our_close_frame_nothing_is_written() {
    let mut server = Server::new();
    let going = Close::new(1001, "going");
    server.codec.write(Frame::close(Some(&going))).unwrap();

    for frame in [Frame::text("late"), Frame::ping(""), Frame::close(None)] {
        assert_eq!(server.codec.write(frame), Err(WriteError));
    }

    server.read(&close(1001, b""));
    assert_eq!(server.written(), b"\x88\x07\x03\xE9going"[..]);
}
