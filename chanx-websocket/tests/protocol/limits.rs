//! §10.4, limits on what is put together.

use chanx_websocket::ReadError;

use crate::client::{BINARY, CONTINUATION, FIN, PING, Server, TEXT, binary, frame};

fn hear(frames: &[Vec<u8>]) -> (usize, Option<ReadError>) {
    let mut server = Server::with_limit(100);
    server.read(&frames.concat());
    (server.heard.len(), server.error)
}

#[test]
fn a_message_of_the_limit_is_heard_and_one_byte_more_is_too_big() {
    assert_eq!(hear(&[frame(FIN | TEXT, &[b'x'; 100])]), (1, None));
    let too_big = frame(FIN | TEXT, &[b'x'; 101]);
    assert_eq!(hear(&[too_big]), (0, Some(ReadError::TooBig)));
}

#[test]
fn fragments_count_together_and_control_frames_between_them_do_not() {
    let ping = frame(FIN | PING, &[0; 125]);
    let halves = |last: usize| {
        let first = frame(BINARY, &[0; 50]);
        let middle = frame(CONTINUATION, &[0; 40]);
        hear(&[
            first,
            ping.clone(),
            middle,
            ping.clone(),
            frame(FIN, &vec![0; last]),
        ])
    };

    assert_eq!(halves(10), (3, None));
    assert_eq!(halves(11), (2, Some(ReadError::TooBig)));
}

#[test]
fn each_message_has_the_whole_limit() {
    let message = [frame(BINARY, &[0; 60]), frame(FIN, &[0; 40])].concat();
    assert_eq!(hear(&[message.clone(), message]), (2, None));
}

#[test]
fn the_header_alone_tells_that_a_message_is_too_big() {
    let mut server = Server::with_limit(100);

    server.read(&frame(FIN | TEXT, &[b'x'; 101])[..6]);

    assert_eq!(server.error, Some(ReadError::TooBig));
}

#[test]
fn a_limit_of_nothing_lets_through_what_is_empty() {
    let mut server = Server::with_limit(0);

    server.read(&[frame(FIN | BINARY, b""), frame(FIN | BINARY, b"x")].concat());

    assert_eq!(server.heard, [binary(b"")]);
    assert_eq!(server.error, Some(ReadError::TooBig));
}
