//! Connections of all kinds, compared with what tungstenite makes of them.

use proptest::{collection::vec, prelude::*, sample::select};

use crate::{
    client::{BINARY, CLOSE, CONTINUATION, FIN, PING, PONG, TEXT, masked},
    duel::{Sent, Step, duel},
};

/// The size of a message, at most. Not below that of a control frame:
/// tungstenite's limit holds for those, too.
pub(crate) const LIMIT: usize = 1000;

/// What a client sends, faults included.
pub(crate) fn input() -> impl Strategy<Value = Vec<u8>> {
    vec(part(), 0..12).prop_map(|parts| parts.concat())
}

fn part() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        12 => message(),
        4 => control(),
        1 => any_frame(),
        1 => close_frame(),
        1 => vec(any::<u8>(), 0..20),
    ]
}

/// A message in fragments, with control frames between them.
fn message() -> impl Strategy<Value = Vec<u8>> {
    let text = prop_oneof![Just(String::new()), "\\PC{0,80}", "[a-z]{100,700}"];
    let payload = prop_oneof![
        3 => text.prop_map(|text| (TEXT, text.into_bytes())),
        1 => vec(any::<u8>(), 0..1100).prop_map(|bytes| (BINARY, bytes)),
        1 => vec(any::<u8>(), 0..20).prop_map(|bytes| (TEXT, bytes)),
    ];
    let fragments = vec(
        (0..300_usize, mask(), prop::option::weighted(0.2, control())),
        0..5,
    );
    (payload, fragments, mask()).prop_map(|((opcode, payload), fragments, mask)| {
        let mut frames = Vec::new();
        let mut opcode = opcode;
        let mut rest = &payload[..];
        for (length, mask, control) in fragments {
            let (fragment, behind) = rest.split_at(length.min(rest.len()));
            frames.extend(masked(opcode, mask, fragment));
            frames.extend(control.unwrap_or_default());
            (opcode, rest) = (CONTINUATION, behind);
        }
        frames.extend(masked(FIN | opcode, mask, rest));
        frames
    })
}

fn control() -> impl Strategy<Value = Vec<u8>> {
    (select(&[PING, PONG]), mask(), vec(any::<u8>(), 0..126))
        .prop_map(|(opcode, mask, payload)| masked(FIN | opcode, mask, &payload))
}

fn close_frame() -> impl Strategy<Value = Vec<u8>> {
    let code = prop_oneof![select(&[1000, 1001, 1005, 1014, 3000, 4999]), any::<u16>()];
    let reason = prop_oneof![
        "\\PC{0,20}".prop_map(String::into_bytes),
        vec(any::<u8>(), 0..5)
    ];
    let body = (code, reason).prop_map(|(code, reason)| [&code.to_be_bytes(), &*reason].concat());
    let body = prop_oneof![4 => body, 1 => vec(any::<u8>(), 0..3)];
    (mask(), body).prop_map(|(mask, body)| masked(FIN | CLOSE, mask, &body))
}

/// Any first byte, any length in any form, masked or not.
fn any_frame() -> impl Strategy<Value = Vec<u8>> {
    let length = prop_oneof![
        Just(0),
        Just(125),
        Just(126),
        0..1200_u64,
        Just(65_536),
        any::<u64>()
    ];
    (
        any::<u8>(),
        any::<bool>(),
        length,
        0..3,
        vec(any::<u8>(), 0..200),
    )
        .prop_map(|(first, masked, length, form, payload)| {
            let mask = u8::from(masked) << 7;
            let header = match form {
                0 => vec![first, mask | (length as u8 & 0x7F)],
                1 => [&[first, mask | 126][..], &(length as u16).to_be_bytes()].concat(),
                _ => [&[first, mask | 127][..], &length.to_be_bytes()].concat(),
            };
            [header, payload].concat()
        })
}

fn mask() -> impl Strategy<Value = [u8; 4]> {
    prop_oneof![Just([0; 4]), any::<[u8; 4]>()]
}

/// What the server sends between the pieces.
fn sent() -> impl Strategy<Value = Option<Sent<'static>>> {
    static BYTES: [u8; 70_000] = [b'b'; 70_000];
    prop_oneof![
        20 => Just(None),
        2 => select(&["", "text", "täxt"]).prop_map(|text| Some(Sent::Text(text))),
        2 => select(&[0, 125, 126, 65_535, 65_536])
            .prop_map(|length| Some(Sent::Binary(&BYTES[..length]))),
        1 => Just(Some(Sent::Ping)),
        1 => Just(Some(Sent::Close(1001, "going away"))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_read_and_write_the_same(
        bytes in input(),
        pieces in vec((1..400_usize, sent()), 1..30),
    ) {
        let mut steps = Vec::new();
        let mut rest = &bytes[..];
        for (length, sent) in pieces {
            let (piece, behind) = rest.split_at(length.min(rest.len()));
            steps.push(Step::Come(piece));
            steps.extend(sent.map(Step::Send));
            rest = behind;
        }
        steps.push(Step::Come(rest));
        duel(LIMIT, &steps);
    }
}
