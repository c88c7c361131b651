//! However the input is cut, it is read as the same.

use chanx_websocket::ReadError;
use proptest::prelude::*;

use crate::client::{Heard, Server};

/// A connection's whole input, and how it is cut.
fn read_in_pieces(bytes: &[u8], cuts: &[usize]) -> (Vec<Heard>, Option<ReadError>, Vec<u8>) {
    let mut server = Server::with_limit(crate::against_tungstenite::LIMIT);
    let mut rest = bytes;
    for cut in cuts {
        let (piece, behind) = rest.split_at((*cut).min(rest.len()));
        server.read(piece);
        rest = behind;
    }
    server.read(rest);
    let written = server.written().to_vec();
    (server.heard, server.error, written)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_cut_gives_the_same(
        bytes in crate::against_tungstenite::input(),
        cuts in prop::collection::vec(0..40_usize, 0..100),
    ) {
        let whole = read_in_pieces(&bytes, &[]);
        prop_assert_eq!(&read_in_pieces(&bytes, &cuts), &whole);
        prop_assert_eq!(&read_in_pieces(&bytes, &vec![1; bytes.len()]), &whole);
    }

    #[test]
    fn no_input_makes_it_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        cuts in prop::collection::vec(0..40_usize, 0..10),
    ) {
        read_in_pieces(&bytes, &cuts);
    }
}
