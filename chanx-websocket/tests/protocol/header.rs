//! §5.2, the base framing protocol, and §5.1, that a client's frames are masked.

use chanx_websocket::ReadError;

use crate::client::{BINARY, CLOSE, FIN, PING, PONG, TEXT, binary, error, frame, hear, text};

#[test]
fn a_length_is_read_in_each_of_its_three_forms() {
    for length in [0, 1, 125, 126, 127, 255, 256, 65_535, 65_536, 200_000] {
        let payload = vec![7; length];

        let (heard, error) = hear(&frame(FIN | BINARY, &payload));

        assert_eq!((heard, error), (vec![binary(&payload)], None), "{length}");
    }
}

#[test]
fn the_examples_of_section_5_7_are_read() {
    let hello = [
        0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58,
    ];

    assert_eq!(hear(&hello), (vec![text("Hello")], None));
}

#[test]
fn a_length_that_has_a_shorter_form_is_an_error() {
    let mask = [0; 4];
    for length in [0_u16, 1, 125] {
        let header = [&[0x82, 0xFE][..], &length.to_be_bytes(), &mask].concat();
        assert_eq!(
            error(&header),
            Some(ReadError::Length),
            "{length} in 16 bits"
        );
    }
    for length in [0_u64, 125, 126, 65_535] {
        let header = [&[0x82, 0xFF][..], &length.to_be_bytes(), &mask].concat();
        assert_eq!(
            error(&header),
            Some(ReadError::Length),
            "{length} in 64 bits"
        );
    }
}

#[test]
fn a_length_of_64_bits_is_an_error_and_one_of_63_is_too_big() {
    for (length, expected) in [
        (u64::MAX, ReadError::Length),
        (1 << 63, ReadError::Length),
        ((1 << 63) - 1, ReadError::TooBig),
    ] {
        let header = [&[0x82, 0xFF][..], &length.to_be_bytes(), &[0; 4]].concat();
        assert_eq!(error(&header), Some(expected), "{length:#x}");
    }
}

#[test]
fn reserved_bits_are_an_error() {
    for bit in [0x40, 0x20, 0x10, 0x70] {
        for opcode in [TEXT, BINARY, CLOSE, PING, PONG] {
            let frame = frame(FIN | bit | opcode, b"");
            assert_eq!(error(&frame), Some(ReadError::ReservedBits), "{bit:#x}");
        }
    }
}

#[test]
fn reserved_opcodes_are_an_error() {
    for opcode in (0x3..=0x7).chain(0xB..=0xF) {
        let frame = frame(FIN | opcode, b"");
        assert_eq!(error(&frame), Some(ReadError::UnknownOpcode(opcode)));
    }
}

#[test]
fn a_frame_without_a_mask_is_an_error() {
    for opcode in [TEXT, BINARY, CLOSE, PING, PONG] {
        assert_eq!(error(&[FIN | opcode, 0]), Some(ReadError::Unmasked));
    }
}

#[test]
fn two_bytes_are_enough_to_see_what_is_wrong_with_them() {
    assert_eq!(error(&[0xC1, 0xFE]), Some(ReadError::ReservedBits));
    assert_eq!(error(&[0x83, 0xFE]), Some(ReadError::UnknownOpcode(3)));
    assert_eq!(error(&[0x81, 0x7E]), Some(ReadError::Unmasked));
    assert_eq!(error(&[0x89, 0xFE]), Some(ReadError::LongControl));
    assert_eq!(error(&[0x81, 0xFE]), None);
}
