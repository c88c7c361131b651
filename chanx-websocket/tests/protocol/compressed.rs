//! RFC 7692 §6 and §7.2, messages that are compressed.

use bytes::Bytes;
use chanx_websocket::{Deflate, Frame, Payload, ReadError, Received, SharedText, Window, deflate};
use miniz_oxide::{
    deflate::core::{CompressorOxide, TDEFLFlush, compress, create_comp_flags_from_zip_params},
    inflate::core::{DecompressorOxide, decompress, inflate_flags::TINFL_FLAG_HAS_MORE_INPUT},
};
use proptest::prelude::*;

use crate::client::{
    BINARY, CLOSE, CONTINUATION, FIN, Heard, PING, PONG, Server, TEXT, binary, frame, text,
};

const RSV1: u8 = 0x40;
const LIMIT: usize = 10_000;

fn server() -> Server {
    let mut server = Server::with_limit(LIMIT);
    let offers = Deflate::negotiate([&b"permessage-deflate"[..]]).expect("well-formed");
    server.codec = server.codec.with_deflate(offers.expect("accepted"));
    server
}

fn hear(frames: &[Vec<u8>]) -> (Vec<Heard>, Option<ReadError>) {
    let mut server = server();
    server.read(&frames.concat());
    (server.heard, server.error)
}

fn error(frames: &[Vec<u8>]) -> Option<ReadError> {
    hear(frames).1
}

/// What a client makes of a message, with a DEFLATE of its own.
fn compressed(message: &[u8]) -> Vec<u8> {
    let mut compressed = flushed(message, TDEFLFlush::Sync);
    let tail = compressed.split_off(compressed.len() - 4);
    assert_eq!(tail, [0x00, 0x00, 0xFF, 0xFF]);
    compressed
}

fn flushed(message: &[u8], flush: TDEFLFlush) -> Vec<u8> {
    let flags = create_comp_flags_from_zip_params(6, 0, 0);
    let mut output = vec![0; message.len() * 2 + 100];
    let mut compressor = Box::new(CompressorOxide::new(flags));
    let (_, taken, length) = compress(&mut compressor, message, &mut output, flush);
    assert_eq!(taken, message.len());
    output.truncate(length);
    output
}

/// What a client makes of what is sent to it, looking no further back than its window.
fn inflated(message: &[u8], window: usize) -> Vec<u8> {
    let mut input = &[message, &[0x00, 0x00, 0xFF, 0xFF]].concat()[..];
    let mut buffer = vec![0; window];
    let mut output = Vec::new();
    let mut decompressor = Box::new(DecompressorOxide::new());
    let mut place = 0;
    loop {
        let flags = TINFL_FLAG_HAS_MORE_INPUT;
        let (_, taken, made) = decompress(&mut decompressor, input, &mut buffer, place, flags);
        output.extend(&buffer[place..place + made]);
        place = (place + made) % window;
        input = &input[taken..];
        if made == 0 && input.is_empty() {
            return output;
        }
        assert!(taken + made > 0, "it goes on");
    }
}

fn json(items: usize) -> String {
    (0..items)
        .map(|id| format!(r#"{{"id":{id},"name":"user {}"}}"#, id * 7919 % 1000))
        .collect()
}

#[test]
fn the_examples_of_section_7_2_3_are_read() {
    for (payload, expected) in [
        (&[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00][..], "Hello"),
        // Without compression, in two blocks, in a last block, and nothing.
        (
            &[
                0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00,
            ],
            "Hello",
        ),
        (
            &[
                0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00,
            ],
            "Hello",
        ),
        (&[0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00], "Hello"),
        (&[0x00], ""),
    ] {
        let whole = frame(FIN | RSV1 | TEXT, payload);
        assert_eq!(hear(&[whole]), (vec![text(expected)], None), "{payload:x?}");
    }
}

#[test]
fn what_others_make_of_the_end_of_a_message_is_read_too() {
    let last_block_alone = flushed(b"Hello", TDEFLFlush::Finish);
    let frames = [
        frame(FIN | RSV1 | TEXT, &last_block_alone),
        frame(FIN | RSV1 | TEXT, b""),
    ];
    assert_eq!(hear(&frames), (vec![text("Hello"), text("")], None));
}

#[test]
fn compressed_fragments_are_put_together_with_control_frames_between_them() {
    let message = json(100);
    let payload = compressed(message.as_bytes());
    let (first, rest) = payload.split_at(10);
    let (second, third) = rest.split_at(100);
    let frames = [
        frame(RSV1 | TEXT, first),
        frame(FIN | PING, b"?"),
        frame(CONTINUATION, second),
        frame(CONTINUATION, b""),
        frame(FIN | CONTINUATION, third),
        frame(FIN | BINARY, b"as it is"),
    ];

    let (heard, error) = hear(&frames);

    let expected = [Heard::Ping("?".into()), text(&message), binary(b"as it is")];
    assert_eq!((&heard[..], error), (&expected[..], None));
}

#[test]
fn each_message_is_compressed_by_itself() {
    let once = frame(FIN | RSV1 | BINARY, &compressed(&[7; 1000]));
    let frames = [once.clone(), once.clone(), once];
    assert_eq!(hear(&frames), (vec![binary(&[7; 1000]); 3], None));
}

#[test]
fn the_first_reserved_bit_is_for_the_first_frame_of_a_message_alone() {
    let begun = frame(RSV1 | TEXT, &[0xf2]);
    for opcode in [CONTINUATION, CLOSE, PING, PONG] {
        let frames = [begun.clone(), frame(FIN | RSV1 | opcode, b"")];
        assert_eq!(error(&frames), Some(ReadError::ReservedBits));
    }
    for bits in [0x20, 0x10, RSV1 | 0x20, RSV1 | 0x10] {
        assert_eq!(
            error(&[frame(FIN | bits | TEXT, b"")]),
            Some(ReadError::ReservedBits)
        );
    }
}

#[test]
fn compressed_text_is_utf_8_as_any_other() {
    let payload = compressed(b"in the m\xFFiddle");
    assert_eq!(
        error(&[frame(FIN | RSV1 | TEXT, &payload)]),
        Some(ReadError::InvalidUtf8)
    );
    assert_eq!(error(&[frame(FIN | RSV1 | BINARY, &payload)]), None);
}

#[test]
fn what_is_not_deflate_is_an_error() {
    let whole = compressed(json(20).as_bytes());
    let distance_too_far = [0x03, 0x02, 0x00];
    for payload in [
        &b"\xFF\xFF\xFF"[..],
        b"\x06",
        &distance_too_far,
        b"\x00\x05\x00\xFA\xFFHel",
    ] {
        let frames = [frame(FIN | RSV1 | BINARY, payload)];
        assert_eq!(error(&frames), Some(ReadError::Deflate), "{payload:x?}");
    }
    for length in 1..whole.len() {
        let frames = [frame(FIN | RSV1 | BINARY, &whole[..length])];
        assert_eq!(
            error(&frames),
            Some(ReadError::Deflate),
            "cut off at {length}"
        );
    }
}

#[test]
fn a_message_is_limited_by_what_it_becomes() {
    for (size, expected) in [(LIMIT, None), (LIMIT + 1, Some(ReadError::TooBig))] {
        let payload = compressed(&vec![b' '; size]);
        assert!(payload.len() < 100);
        assert_eq!(
            error(&[frame(FIN | RSV1 | TEXT, &payload)]),
            expected,
            "{size}"
        );
    }
}

#[test]
fn a_bomb_costs_what_is_allowed_and_no_more() {
    let bomb = compressed(&vec![0; 8 << 20]);
    assert!(
        bomb.len() < 9_000,
        "it gets past the limit of what comes: {}",
        bomb.len()
    );
    assert_eq!(
        error(&[frame(FIN | RSV1 | BINARY, &bomb)]),
        Some(ReadError::TooBig)
    );

    // In fragments, after which the connection reads nothing more.
    let mut server = server();
    let (first, second) = bomb.split_at(100);
    server.read(&[frame(RSV1 | BINARY, first), frame(FIN, second)].concat());
    server.read(&frame(FIN | TEXT, b"more"));
    assert_eq!(
        (server.heard.len(), server.error),
        (0, Some(ReadError::TooBig))
    );
}

#[test]
fn what_cannot_be_compressed_may_come_a_little_larger_than_the_limit() {
    // Nine bits for each byte, which only a compressor of little sense makes.
    let message: Vec<u8> = (0..LIMIT)
        .map(|byte| 144 + (byte * 61 % 112) as u8)
        .collect();
    let flags = create_comp_flags_from_zip_params(6, 0, 4) & !0xFFF;
    let mut compressor = Box::new(CompressorOxide::new(flags));
    let mut payload = vec![0; 2 * LIMIT];
    let (_, _, length) = compress(&mut compressor, &message, &mut payload, TDEFLFlush::Sync);
    let payload = &payload[..length - 4];
    assert!(payload.len() > LIMIT, "{}", payload.len());

    assert_eq!(
        hear(&[frame(FIN | RSV1 | BINARY, payload)]),
        (vec![binary(&message)], None)
    );
    let beyond = vec![0; LIMIT * 2];
    assert_eq!(
        error(&[frame(FIN | RSV1 | BINARY, &beyond)]),
        Some(ReadError::TooBig)
    );
}

#[test]
fn how_much_came_is_told() {
    let mut server = server();
    let payload = compressed(&[b'a'; 1000]);
    let mut bytes = frame(FIN | RSV1 | TEXT, &payload);

    let received = server.codec.read(&mut &mut bytes[..]);

    let Ok(Some(Received::Text(text))) = received else {
        panic!("{received:?}");
    };
    assert_eq!((text.len(), text.wire_len()), (1000, payload.len()));
    assert_eq!(Payload::Borrowed(b"as it is").wire_len(), 8);
}

#[test]
fn a_frame_that_is_compressed_says_so() {
    let message = json(100);
    let payload = deflate(message.as_bytes(), Window::Large).expect("it is smaller");

    let frame = Frame::deflated_text(payload.clone());

    assert_eq!(frame.header()[0], FIN | RSV1 | TEXT);
    assert!(payload.len() < message.len() / 3);
    assert_eq!(inflated(frame.payload(), 1 << 15), message.as_bytes());
}

#[test]
fn what_would_not_be_smaller_is_not_compressed() {
    for message in [&b""[..], b"a", b"abcdefgh", &[1, 200, 33, 4, 95, 166, 77]] {
        assert_eq!(deflate(message, Window::Large), None);
    }
}

#[test]
fn a_message_is_compressed_once_for_each_window_that_makes_a_difference() {
    let addresses = |text: String| {
        let shared = SharedText::new(text.into());
        [Window::Small, Window::Medium, Window::Large].map(|window| {
            let first = shared.deflated(window).map(|bytes| bytes.as_ptr());
            assert_eq!(shared.deflated(window).map(|bytes| bytes.as_ptr()), first);
            first.expect("it is smaller")
        })
    };

    let [small, medium, large] = addresses("short ".repeat(80));
    assert!(small == medium && medium == large, "within the smallest");
    let [small, medium, large] = addresses("middle ".repeat(500));
    assert!(small != medium && medium == large, "within the middle one");
    let [small, medium, large] = addresses("long ".repeat(1000));
    assert!(small != medium && medium != large && small != large);
}

#[test]
fn many_threads_compress_a_message_once() {
    let shared = SharedText::new(json(1000).into());

    let addresses: Vec<_> = std::thread::scope(|scope| {
        let deflated = || {
            shared
                .deflated(Window::Large)
                .map(|bytes| bytes.as_ptr() as usize)
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(deflated)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .collect()
    });

    assert!(addresses.windows(2).all(|pair| pair[0] == pair[1]));
}

fn message() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..2000),
        "[a-c ]{0,5000}".prop_map(String::into_bytes),
        (0..150_usize).prop_map(|items| json(items).into_bytes()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_sent_is_what_another_inflates_within_the_window(message in message()) {
        for (window, size) in [
            (Window::Small, 1 << 9),
            (Window::Medium, 1 << 12),
            (Window::Large, 1 << 15),
        ] {
            if let Some(deflated) = deflate(&message, window) {
                prop_assert!(deflated.len() < message.len());
                prop_assert_eq!(&inflated(&deflated, size), &message);
            }
        }
    }

    #[test]
    fn what_another_deflates_is_what_is_heard(message in message()) {
        let payload = compressed(&message);
        let heard = hear(&[frame(FIN | RSV1 | BINARY, &payload)]);
        prop_assert_eq!(heard, (vec![Heard::Binary(Bytes::from(message))], None));
    }

    #[test]
    fn no_compressed_bytes_make_it_panic_or_exceed_the_limit(
        payload in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        for heard in hear(&[frame(FIN | RSV1 | BINARY, &payload)]).0 {
            let Heard::Binary(message) = heard else {
                return Err(TestCaseError::fail("a message of bytes"));
            };
            prop_assert!(message.len() <= LIMIT);
        }
    }
}
