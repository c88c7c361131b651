//! The offers that are accepted, and their answers (RFC 7692 §5, §7.1).

use thiserror::Error;

use super::offer::{self, Offer};

/// permessage-deflate as server and client have agreed on it (RFC 7692 §5).
///
/// Neither takes its context over to the next message (RFC 7692 §7.1.1): the
/// server says so whether the client has offered it or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deflate {
    window: Window,
    /// True if the client has asked for a window, so that it has to be told.
    asked: bool,
}

/// The distance that a back reference of the server's may have (RFC 7692 §7.1.2.1).
///
/// A client may ask for less than the largest. There are few sizes, because what is
/// compressed for one client serves all whose window is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Window {
    /// 512 bytes, for clients that ask for 9 to 11 bits.
    Small,
    /// 4 KiB, for 12 to 14 bits.
    Medium,
    /// 32 KiB, as far as DEFLATE refers: for 15 bits, and where nothing is asked for.
    Large,
}

/// A `Sec-WebSocket-Extensions` that is not what RFC 6455 §9.1 says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("malformed Sec-WebSocket-Extensions")]
pub struct MalformedExtensions;

impl Deflate {
    /// Accepts the first offer that can be met.
    ///
    /// `headers` are the values of the request's `Sec-WebSocket-Extensions`,
    /// in their order, which is the client's preference. Other extensions,
    /// and offers that cannot be met, are declined by silence (RFC 7692 §5).
    ///
    /// # Errors
    ///
    /// When a header is malformed: the handshake has to fail (RFC 6455 §9.1).
    pub fn negotiate<'a>(
        headers: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Option<Self>, MalformedExtensions> {
        let mut accepted = None;
        for header in headers {
            let header = str::from_utf8(header).map_err(|_| MalformedExtensions)?;
            let offers = offer::read(header).ok_or(MalformedExtensions)?;
            accepted = accepted.or_else(|| offers.iter().find_map(Self::accept));
        }
        Ok(accepted)
    }

    /// `None` declines: a parameter that RFC 7692 does not define, that has a
    /// wrong value or comes twice (§7.1), or a window that cannot be made.
    fn accept(offer: &Offer<'_>) -> Option<Self> {
        if !offer.name.eq_ignore_ascii_case("permessage-deflate") {
            return None;
        }
        let mut window = None;
        for (index, (name, value)) in offer.parameters.iter().enumerate() {
            if offer.parameters[..index]
                .iter()
                .any(|(earlier, _)| earlier == name)
            {
                return None;
            }
            match (*name, value) {
                // Both are what the answer says in any case (§7.1.1).
                ("server_no_context_takeover" | "client_no_context_takeover", None) => {}
                ("server_max_window_bits", Some(value)) => {
                    window = Some(Window::within(bits(value)?)?)
                }
                // A client may use less than 32 KiB, but need not say so in
                // the answer's words (§7.1.2.2): any window is inflated.
                ("client_max_window_bits", None) => {}
                ("client_max_window_bits", Some(value)) => {
                    bits(value)?;
                }
                _ => return None,
            }
        }
        Some(Self {
            window: window.unwrap_or(Window::Large),
            asked: window.is_some(),
        })
    }

    /// The value of the response's `Sec-WebSocket-Extensions`.
    #[must_use]
    pub fn answer(self) -> &'static str {
        macro_rules! answer {
            ($($window:literal)?) => {
                concat!(
                    "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                    $("; server_max_window_bits=", $window)?
                )
            };
        }
        match (self.asked, self.window) {
            (false, _) => answer!(),
            (true, Window::Small) => answer!("9"),
            (true, Window::Medium) => answer!("12"),
            (true, Window::Large) => answer!("15"),
        }
    }

    /// The distance that a back reference of the server's may have.
    #[must_use]
    pub fn window(self) -> Window {
        self.window
    }
}

impl Window {
    /// The largest of so many bits or less; none has eight, which zlib cannot make.
    fn within(bits: u8) -> Option<Self> {
        match bits {
            ..9 => None,
            9..12 => Some(Self::Small),
            12..15 => Some(Self::Medium),
            _ => Some(Self::Large),
        }
    }

    pub(crate) fn bits(self) -> u8 {
        match self {
            Self::Small => 9,
            Self::Medium => 12,
            Self::Large => 15,
        }
    }

    /// The largest window that makes the same of a message of this length:
    /// nothing refers to what is before its beginning.
    pub(crate) fn for_message(self, length: usize) -> Self {
        if length <= 1 << self.bits() {
            return Self::Large;
        }
        self
    }
}

/// "a decimal integer value without leading zeroes between 8 to 15" (RFC 7692 §7.1.2).
fn bits(value: &str) -> Option<u8> {
    match value {
        "8" => Some(8),
        "9" => Some(9),
        "10" => Some(10),
        "11" => Some(11),
        "12" => Some(12),
        "13" => Some(13),
        "14" => Some(14),
        "15" => Some(15),
        _ => None,
    }
}
