//! §5.3, client-to-server masking.

use crate::client::{BINARY, FIN, Heard, PING, Server, binary, hear, masked};

const MASK: [u8; 4] = [1, 20, 130, 255];

#[test]
fn a_mask_is_removed_from_payloads_of_every_length() {
    for length in 0..100 {
        let payload: Vec<u8> = (0..length).collect();

        let (heard, _) = hear(&masked(FIN | BINARY, MASK, &payload));

        assert_eq!(heard, [binary(&payload)]);
    }
}

#[test]
fn a_mask_goes_on_where_a_part_of_a_payload_ends() {
    let payload: Vec<u8> = (0..40).collect();
    let frame = masked(FIN | BINARY, MASK, &payload);
    for first in 7..46 {
        for second in first + 1..46 {
            let mut server = Server::new();

            server
                .read(&frame[..first])
                .read(&frame[first..second])
                .read(&frame[second..]);

            assert_eq!(server.heard, [binary(&payload)], "{first}, {second}");
        }
    }
}

#[test]
fn a_mask_begins_anew_in_each_frame() {
    let frames = [
        masked(BINARY, MASK, &[1, 2, 3]),
        masked(FIN | PING, [9, 8, 7, 6], &[4, 5]),
        masked(FIN, [0, 0, 1, 0], &[6, 7, 8, 9, 10]),
    ];

    let (heard, _) = hear(&frames.concat());

    let whole = binary(&[1, 2, 3, 6, 7, 8, 9, 10]);
    assert_eq!(heard, [Heard::Ping(vec![4, 5].into()), whole]);
}
