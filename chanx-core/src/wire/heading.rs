//! The frames of topics: read once, to know whose they are, and not again to handle them.

use std::{borrow::Cow, num::NonZeroU32, sync::LazyLock};

use memchr::{memchr, memmem::Finder};

use super::{Correlation, FrameError, Inbound, Payload};

/// The key without which, unless it is written with escapes, no frame names a topic.
static TOPIC: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"topic\""));

/// The part of a frame that a reader needs to hand it on.
#[derive(Debug)]
pub(crate) struct Heading<'a> {
    /// The topic that it names.
    pub(crate) topic: Cow<'a, str>,
    /// True if it begins a subscription, where there is none.
    pub(crate) subscribes: bool,
    /// The rest of what has been found.
    pub(crate) cut: Option<Cut>,
}

/// The places of a message's parts in its frame, which need not be looked for again.
///
/// Small, because it waits with the frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cut {
    action: Place,
    payload: Option<Place>,
    reference: Option<Place>,
}

/// A place in a frame. None begins at zero, where the frame's brace is.
#[derive(Debug, Clone, Copy)]
struct Place {
    start: NonZeroU32,
    end: u32,
}

impl<'a> Heading<'a> {
    /// Reads the topic that a frame names; `None` where it names none, or is none.
    ///
    /// Most frames of an application whose clients use no topics are told by
    /// not having the word in them: a key may also be written with escapes.
    pub(crate) fn of(frame: &'a [u8]) -> Option<Self> {
        if TOPIC.find(frame).is_none() && memchr(b'\\', frame).is_none() {
            return None;
        }
        match Inbound::decode(frame) {
            Ok(message) => Some(Self {
                subscribes: message.action == "subscribe",
                cut: Cut::of(&message, frame),
                topic: message.correlation.topic?,
            }),
            // What is wrong with it is read again where it is answered.
            Err(FrameError { correlation, .. }) => Some(Self {
                subscribes: false,
                cut: None,
                topic: correlation.topic?,
            }),
        }
    }
}

impl Cut {
    /// The places in the frame of a message; none where a part is written with escapes.
    fn of(message: &Inbound<'_>, frame: &[u8]) -> Option<Self> {
        let name = |name: &Cow<'_, str>| match name {
            Cow::Borrowed(name) => Place::of(name, frame),
            Cow::Owned(_) => None,
        };
        let reference = message.correlation.reference.as_ref();
        let payload = message.payload.json();
        Some(Self {
            action: name(&message.action)?,
            payload: match payload {
                Some(json) => Some(Place::of(json, frame)?),
                None => None,
            },
            reference: match reference {
                Some(reference) => Some(name(reference)?),
                None => None,
            },
        })
    }

    /// The message of the frame, on the topic that this names.
    pub(crate) fn message<'a>(self, frame: &'a [u8], topic: &'a str) -> Option<Inbound<'a>> {
        let mut correlation = Correlation::default().with_topic(topic);
        if let Some(place) = self.reference {
            correlation = correlation.with_ref(place.text(frame)?);
        }
        let payload = match self.payload {
            Some(place) => Some(place.text(frame)?),
            None => None,
        };
        Some(Inbound {
            action: Cow::Borrowed(self.action.text(frame)?),
            payload: Payload::checked(payload),
            correlation,
        })
    }
}

impl Place {
    /// The place of a part of a frame; none beyond 4 GiB.
    fn of(part: &str, frame: &[u8]) -> Option<Self> {
        let start = part.as_ptr().addr() - frame.as_ptr().addr();
        Some(Self {
            start: NonZeroU32::new(u32::try_from(start).ok()?)?,
            end: u32::try_from(start + part.len()).ok()?,
        })
    }

    fn text(self, frame: &[u8]) -> Option<&str> {
        let part = frame.get(self.start.get() as usize..self.end as usize)?;
        std::str::from_utf8(part).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(frame: &str) -> Option<Cut> {
        Heading::of(frame.as_bytes()).expect("it names a topic").cut
    }

    #[test]
    fn a_message_is_the_same_whether_its_frame_is_cut_or_decoded() {
        for frame in [
            r#"{"action":"post","payload":{"text":"hello"},"topic":"room:5"}"#,
            r#" {"version":1,"topic":"room:5","ref":"2","action":"post","payload":[1, 2] } "#,
            r#"{"topic":"room:5","action":"leave"}"#,
            r#"{"topic":"room:5","action":"leave","payload":null,"ref":null,"seq":3}"#,
            r#"{"topic":"room:5","action":"","payload":"","ref":""}"#,
            r#"{"topic":"room:5","action":"grüße","payload":"…","ref":"é"}"#,
            r#"{"topic":"a","action":"b","topic":"room:5","ref":"c","action":"d","ref":"e"}"#,
            r#"{"\u0074opic":"room:5","payload":"a \"b\"","\u0061ction":"post"}"#,
            r#"{"topic":"room\u003a5","action":"post"}"#,
        ] {
            let decoded = Inbound::decode(frame.as_bytes()).expect("it is a message");

            let cut = cut(frame).expect("neither its action nor its ref has an escape");
            let message = cut.message(frame.as_bytes(), "room:5");
            let message = message.expect("the places are the frame's own");

            assert_eq!(message.action, decoded.action);
            assert_eq!(message.payload.json(), decoded.payload.json());
            assert_eq!(message.correlation, decoded.correlation);
        }
    }

    #[test]
    fn a_frame_that_is_refused_or_has_a_name_with_escapes_is_not_cut() {
        for frame in [
            r#"{"topic":"room:5","action":"p\u006fst"}"#,
            r#"{"topic":"room:5","action":"post","ref":"\n"}"#,
            r#"{"topic":"room:5","action":"post","ref":7}"#,
            r#"{"topic":"room:5","action":"post","version":2}"#,
            r#"{"topic":"room:5","action":"post","seq":"1"}"#,
            r#"{"topic":"room:5","action":"post","payload":"\ud800"}"#,
            r#"{"topic":"room:5"}"#,
        ] {
            assert!(cut(frame).is_none(), "{frame}");
        }
    }

    #[test]
    fn the_places_that_wait_with_a_frame_take_24_bytes() {
        assert_eq!(size_of::<Option<Cut>>(), 24);
    }
}
