//! RFC 7692 §5 and §7.1, how compression is agreed upon.

use chanx_websocket::{Deflate, MalformedExtensions, Window};

const PLAIN: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

fn negotiate(headers: &[&str]) -> Result<Option<Deflate>, MalformedExtensions> {
    Deflate::negotiate(headers.iter().map(|header| header.as_bytes()))
}

fn answer(header: &str) -> Option<&'static str> {
    negotiate(&[header])
        .expect("well-formed")
        .map(Deflate::answer)
}

#[test]
fn neither_end_keeps_its_context_whatever_was_offered() {
    for offer in [
        "permessage-deflate",
        "Permessage-Deflate",
        "permessage-deflate; client_no_context_takeover",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
    ] {
        assert_eq!(answer(offer), Some(PLAIN), "{offer}");
    }
}

#[test]
fn a_client_may_have_any_window_and_is_told_nothing_of_it() {
    for offer in [
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; client_max_window_bits=8",
        "permessage-deflate; client_max_window_bits=\"15\"",
    ] {
        assert_eq!(answer(offer), Some(PLAIN), "{offer}");
    }
}

#[test]
fn a_window_that_a_client_asks_for_is_met_or_undercut() {
    for (asked, window, answered) in [
        (9, Window::Small, 9),
        (11, Window::Small, 9),
        (12, Window::Medium, 12),
        (14, Window::Medium, 12),
        (15, Window::Large, 15),
    ] {
        let offer = format!("permessage-deflate; server_max_window_bits={asked}");
        let deflate = negotiate(&[&offer])
            .expect("well-formed")
            .expect("accepted");

        assert_eq!(deflate.window(), window);
        let expected = format!("{PLAIN}; server_max_window_bits={answered}");
        assert_eq!(deflate.answer(), expected);
    }
}

#[test]
fn an_offer_that_cannot_be_met_is_declined() {
    for offer in [
        "",
        "x-webkit-deflate-frame",
        "permessage-bzip2; client_max_window_bits",
        "permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=012",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; client_max_window_bits=x",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=true",
        "permessage-deflate; unheard_of",
        "permessage-deflate; client_max_window_bits; client_max_window_bits",
    ] {
        assert_eq!(answer(offer), None, "{offer}");
    }
}

#[test]
fn the_first_offer_that_can_be_met_is_accepted() {
    let offers = "foo, permessage-deflate; server_max_window_bits=8, \
         permessage-deflate; server_max_window_bits=10, permessage-deflate";
    assert_eq!(
        answer(offers),
        Some(&*format!("{PLAIN}; server_max_window_bits=9"))
    );

    let headers = [
        "foo",
        "permessage-deflate; server_max_window_bits=12",
        "permessage-deflate",
    ];
    let window = negotiate(&headers).unwrap().map(Deflate::window);
    assert_eq!(window, Some(Window::Medium));
}

#[test]
fn a_malformed_header_fails_the_handshake() {
    for headers in [
        &["permessage-deflate;"][..],
        &["permessage-deflate; client_max_window_bits="],
        &["permessage-deflate", "foo bar"],
    ] {
        assert_eq!(negotiate(headers), Err(MalformedExtensions));
    }
    assert_eq!(Deflate::negotiate([&b"\xFF"[..]]), Err(MalformedExtensions));
}
