//! §5.5.1, §7 and §7.4: how a connection is closed.

use chanx_websocket::{Close, Frame, ReadError, WriteError};

use crate::client::{CLOSE, FIN, Heard, Server, TEXT, close, error, frame, text};

fn closed(code: u16, reason: &str) -> Heard {
    Heard::Close(Some(Close::new(code, reason)))
}

#[test]
fn a_close_frame_is_answered_with_its_code_and_nothing_goes_behind_the_answer() {
    let mut server = Server::new();
    server.codec.write(Frame::text("queued")).unwrap();

    server.read(&close(4001, b"done"));

    assert_eq!(server.heard, [closed(4001, "done")]);
    assert!(server.codec.is_read_out());
    assert_eq!(server.codec.write(Frame::text("late")), Err(WriteError));
    assert_eq!(server.written(), b"\x81\x06queued\x88\x06\x0F\xA1done"[..]);
}

#[test]
fn a_close_frame_without_a_code_is_answered_without_one() {
    let mut server = Server::new();

    server.read(&frame(FIN | CLOSE, b""));

    assert_eq!(server.heard, [Heard::Close(None)]);
    assert_eq!(server.written(), b"\x88\x00"[..]);
}

#[test]
fn what_comes_behind_a_close_frame_is_ignored() {
    let mut server = Server::new();

    server.read(&[close(1000, b""), vec![0xFF; 100]].concat());
    server.read(&frame(FIN | TEXT, b"late"));

    assert_eq!(server.heard, [closed(1000, "")]);
    assert_eq!(server.error, None);
}

#[test]
fn messages_are_heard_behind_our_close_frame_until_the_clients_own() {
    let mut server = Server::new();
    server.codec.write(Frame::close(None)).unwrap();

    server.read(&[frame(FIN | TEXT, b"on its way"), close(1000, b"")].concat());

    assert_eq!(server.heard, [text("on its way"), closed(1000, "")]);
    assert_eq!(server.written(), b"\x88\x00"[..]);
}

#[test]
fn codes_that_must_not_be_sent_are_an_error() {
    let (wrong, right): (Vec<u16>, Vec<u16>) = (0..=u16::MAX).partition(|code| {
        let sent = error(&close(*code, b""));
        assert!(
            matches!(sent, None | Some(ReadError::CloseCode(_))),
            "{code}"
        );
        sent.is_some()
    });

    let of_the_protocol = [
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
    ];
    assert_eq!(
        right,
        of_the_protocol
            .into_iter()
            .chain(3000..5000)
            .collect::<Vec<_>>()
    );
    assert_eq!(wrong.len(), usize::from(u16::MAX) + 1 - right.len());
}

#[test]
fn a_close_frame_of_one_byte_or_with_a_reason_that_is_not_text_is_an_error() {
    assert_eq!(
        error(&frame(FIN | CLOSE, b"\x03")),
        Some(ReadError::MalformedClose)
    );
    assert_eq!(error(&close(1000, b"\xFF")), Some(ReadError::InvalidUtf8));
    assert_eq!(
        error(&close(1000, b"\xE2\x82")),
        Some(ReadError::InvalidUtf8)
    );
}

#[test]
fn after_an_error_nothing_is_read_and_the_client_can_be_told() {
    let mut server = Server::new();

    server.read(&[frame(FIN | TEXT, b"\xFF"), frame(FIN | TEXT, b"more")].concat());
    server.read(&frame(FIN | TEXT, b"even more"));

    assert_eq!(
        (server.heard.len(), server.error),
        (0, Some(ReadError::InvalidUtf8))
    );
    assert!(server.codec.is_read_out());
    let close = Close::new(ReadError::InvalidUtf8.close_code(), "");
    server.codec.write(Frame::close(Some(&close))).unwrap();
    assert_eq!(server.written(), b"\x88\x02\x03\xEF"[..]);
}

#[test]
fn a_reason_is_cut_to_what_a_close_frame_can_carry() {
    let reason = "é".repeat(62);

    let frame = Frame::close(Some(&Close::new(1000, &*reason)));

    assert_eq!(frame.payload().len(), 2 + 122);
    assert_eq!(frame.payload()[2..], *"é".repeat(61).as_bytes());
}
