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
fn header_and_payload_are_gathered_apart_and_the_payload_is_not_copied() {
    let payload = Bytes::from(vec![b'p'; 1000]);
    let mut codecs = [0, 1].map(|_| queued([Frame::text(payload.clone()), Frame::ping("")]));

    for codec in &codecs {
        let slices = slices(codec.output(), 8);
        assert_eq!(slices, [&[0x81, 126, 3, 0xE8][..], &payload, &[0x89, 0]]);
    }
    for codec in &mut codecs {
        codec.output_mut().advance(4);
        assert_eq!(codec.output().chunk().as_ptr(), payload.as_ptr());
    }
}

#[test]
fn output_goes_on_wherever_it_was_taken_to() {
    let frames = || ["", "one", "", "longer"].map(Frame::text);
    let whole = queued(frames()).take_output();
    assert_eq!(whole, b"\x81\x00\x81\x03one\x81\x00\x81\x06longer"[..]);

    for first in 0..=whole.len() {
        let mut codec = queued(frames());
        let output = codec.output_mut();
        output.advance(first);

        assert_eq!(output.remaining(), whole.len() - first);
        assert_eq!(slices(output, 100).concat(), whole[first..]);
        let mut rest = Vec::new();
        while output.has_remaining() {
            let chunk = output.chunk();
            assert!(!chunk.is_empty());
            rest.push(chunk[0]);
            output.advance(1);
        }
        assert_eq!(rest, whole[first..]);
    }
}

#[test]
fn no_more_is_gathered_than_there_are_slices() {
    let codec = queued(["one", "two"].map(Frame::text));

    assert_eq!(slices(codec.output(), 3).concat(), b"\x81\x03one\x81\x03");
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
