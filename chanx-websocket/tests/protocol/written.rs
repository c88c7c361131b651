//! Frames that the server sends, as bytes.

use std::io::IoSlice;

use bytes::{Buf, Bytes};
use chanx_websocket::{Codec, Frame, Opcode, Output};

fn queued(frames: impl IntoIterator<Item = Frame>) -> Codec {
    let mut codec = Codec::new(0);
    for frame in frames {
        codec.write(frame).expect("nothing is closed");
    }
    codec
}

/// What a vectored write is given.
fn slices(output: &Output, most: usize) -> Vec<Vec<u8>> {
    let mut slices = vec![IoSlice::new(&[]); most];
    let filled = output.chunks_vectored(&mut slices);
    slices[..filled]
        .iter()
        .map(|slice| slice.to_vec())
        .collect()
}

#[test]
fn a_header_has_the_shortest_length_and_no_mask() {
    for (length, header) in [
        (0, &[0x82, 0][..]),
        (125, &[0x82, 125]),
        (126, &[0x82, 126, 0, 126]),
        (65_535, &[0x82, 126, 0xFF, 0xFF]),
        (65_536, &[0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
    ] {
        let frame = Frame::binary(vec![0; length]);
        assert_eq!(frame.header(), header);
        assert_eq!(frame.opcode(), Opcode::Binary);
    }
}

#[test]
fn a_long_payload_is_gathered_beside_its_header_and_not_copied() {
    let payload = Bytes::from(vec![b'p'; 5000]);
    let mut codecs = [0, 1].map(|_| queued([Frame::text(payload.clone()), Frame::ping("")]));

    for codec in &codecs {
        let slices = slices(codec.output(), 8);
        assert_eq!(slices, [&[0x81, 126, 0x13, 0x88][..], &payload, &[0x89, 0]]);
    }
    for codec in &mut codecs {
        codec.output_mut().advance(4);
        assert_eq!(codec.output().chunk().as_ptr(), payload.as_ptr());
    }
}

#[test]
fn short_frames_are_one_piece() {
    let codec = queued(["one", "two"].map(Frame::text));

    assert_eq!(slices(codec.output(), 8), [b"\x81\x03one\x81\x03two"]);
    assert_eq!(codec.output().chunk(), b"\x81\x03one\x81\x03two");
}

/// Short and long, in turns and in a row.
fn mixed() -> Vec<Frame> {
    let long = |fill: u8| Frame::binary(vec![fill; 4097]);
    let short = |text: &'static str| Frame::text(text);
    vec![
        short(""),
        short("one"),
        long(b'a'),
        long(b'b'),
        short("longer"),
        long(b'c'),
        short(""),
    ]
}

#[test]
fn output_goes_on_wherever_it_was_taken_to() {
    let whole = queued(mixed()).take_output();
    let long = |fill: u8| [&[0x82, 126, 0x10, 0x01][..], &[fill; 4097]].concat();
    let expected = [
        b"\x81\x00\x81\x03one",
        &*long(b'a'),
        &long(b'b'),
        b"\x81\x06longer",
        &long(b'c'),
        b"\x81\x00",
    ];
    assert_eq!(whole, expected.concat());

    // Each place, but for those far within a payload.
    let is_within = |place: &usize| {
        whole[*place..]
            .iter()
            .take(12)
            .any(|it| *it != whole[*place])
    };
    for first in (0..=whole.len()).filter(|place| is_within(place) || *place == whole.len()) {
        let mut codec = queued(mixed());
        let output = codec.output_mut();
        output.advance(first);

        assert_eq!(output.remaining(), whole.len() - first);
        assert_eq!(output.is_empty(), first == whole.len());
        assert_eq!(slices(output, 100).concat(), whole[first..]);
        let mut rest = Vec::new();
        while output.has_remaining() {
            let chunk = output.chunk();
            assert!(!chunk.is_empty());
            let taken = chunk.len().div_ceil(2).max(chunk.len().min(12));
            rest.extend_from_slice(&chunk[..taken]);
            output.advance(taken);
        }
        assert_eq!(rest, whole[first..]);
    }
}

#[test]
fn frames_that_come_while_others_wait_follow_them() {
    let mut codec = queued([]);
    let (mut expected, mut written) = (Vec::new(), Vec::new());
    for round in 0..2000_usize {
        for frame in mixed().into_iter().skip(round % 7).take(2) {
            expected.extend_from_slice(&frame.header());
            expected.extend_from_slice(frame.payload());
            codec.write(frame).expect("nothing is closed");
        }
        if round % 11 == 0 {
            // The buffer may be taken whenever something waits.
            let _ = codec.output_mut().take_buffer();
        }
        // More waits each time, so that nothing is ever taken to its end.
        let length = codec.output().remaining() * 9 / 10;
        let mut taken = vec![0; length];
        codec.output().copy_to(&mut taken);
        codec.output_mut().advance(length);
        written.extend(taken);
    }
    written.extend(codec.take_output());

    assert!(written == expected);
}

#[test]
fn a_buffer_that_is_lent_comes_back() {
    let mut codec = queued([]);
    codec.output_mut().lend_buffer(|| vec![1; 1000]);
    codec.output_mut().lend_buffer(|| panic!("it has one"));
    for text in ["one", "two"] {
        codec.write(Frame::text(text)).expect("nothing is closed");
    }
    codec.output_mut().advance(6);

    let buffer = codec.output_mut().take_buffer().expect("it was lent");
    assert_eq!(buffer.capacity(), 1000);
    assert_eq!(codec.output_mut().take_buffer(), None, "it is all in use");
    assert_eq!(codec.take_output(), b"\x03two"[..]);
}

#[test]
fn no_more_is_gathered_than_there_are_slices() {
    let codec = queued(mixed());

    let whole = slices(codec.output(), 100);
    assert_eq!(slices(codec.output(), 3), whole[..3]);
    assert_eq!(slices(codec.output(), 0).len(), 0);
}

#[test]
#[should_panic(expected = "more was taken than there was")]
fn more_than_there_is_cannot_be_taken() {
    queued([Frame::text("one")]).output_mut().advance(6);
}

#[test]
#[should_panic(expected = "at most 125 bytes")]
fn a_ping_of_126_bytes_cannot_be_made() {
    let _ = Frame::ping(vec![0; 126]);
}
