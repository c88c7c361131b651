//! Compressed messages of a client, beside what another DEFLATE makes of them.
//!
//! Run with `cargo +nightly fuzz run deflate`.

#![no_main]

use chanx_websocket::{Codec, Deflate, Payload, Received, Window, deflate};
use libfuzzer_sys::fuzz_target;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

const LIMIT: usize = 4096;

fuzz_target!(|message: &[u8]| {
    let message = &message[..message.len().min(LIMIT)];
    // The end of an empty block, and a block that is the last.
    let whole = [message, b"\x00\x00\xFF\xFF\x01\x00\x00\xFF\xFF"].concat();
    let heard = hear(message);
    if let (Some(heard), Ok(expected)) = (&heard, decompress_to_vec_with_limit(&whole, LIMIT)) {
        // Another takes it to be over with the first block that is the last.
        assert!(heard.starts_with(&expected));
    }
    assert!(heard.is_none_or(|heard| heard.len() <= LIMIT));

    for window in [Window::Small, Window::Medium, Window::Large] {
        if let Some(deflated) = deflate(message, window) {
            assert_eq!(hear(&deflated).as_deref(), Some(message));
        }
    }
});

/// What a server hears of a compressed message, if it is one.
fn hear(message: &[u8]) -> Option<Vec<u8>> {
    let offer = Deflate::negotiate([&b"permessage-deflate"[..]]).expect("well-formed");
    let mut codec = Codec::new(LIMIT).with_deflate(offer.expect("accepted"));
    let length = u16::try_from(message.len())
        .expect("it has been cut")
        .to_be_bytes();
    let mut frame = match message.len() {
        short @ 0..126 => vec![0xC2, 0x80 | short as u8],
        _ => vec![0xC2, 0xFE, length[0], length[1]],
    };
    frame.extend([0; 4]);
    frame.extend(message);
    match codec.read(&mut &mut frame[..]) {
        Ok(Some(Received::Binary(payload @ Payload::Inflated { .. }))) => Some(payload.to_vec()),
        Ok(other) => panic!("{other:?}"),
        Err(_) => None,
    }
}
