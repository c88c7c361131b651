//! A client's frame, split into its envelope and its payload.

use std::{borrow::Cow, error::Error, fmt};

use bytes::Bytes;

use super::{
    Correlation, ErrorPayload, Payload, Violation, error_frame, kind::Kind, scan, split::Split,
};

/// The longest that an action or a `ref` may be, in bytes.
const MAX_NAME: usize = 128;

/// The longest that a topic may be, in bytes.
const MAX_TOPIC: usize = 200;

/// A client's frame: which handler it is for, and the payload, not yet read.
///
/// # Examples
///
/// ```
/// use chanx::{Ping, wire::Inbound};
///
/// let frame = Inbound::decode(br#"{"action": "ping", "ref": "7"}"#).expect("it names an action");
/// assert_eq!(frame.action, "ping");
/// assert_eq!(frame.correlation.reference.as_deref(), Some("7"));
/// assert_eq!(frame.payload.decode::<Ping>(), Ok(Ping));
///
/// let refused = Inbound::decode(b"[]").unwrap_err();
/// assert_eq!(refused.to_string(), "a message is a JSON object");
/// assert!(refused.to_frame().starts_with(br#"{"action":"error""#));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Inbound<'a> {
    /// The action, which chooses the handler.
    pub action: Cow<'a, str>,
    /// The payload, from which the handler's message is read.
    pub payload: Payload<'a>,
    /// The marks that the answers are to carry.
    pub correlation: Correlation<'a>,
}

/// A frame that has no handler to go to, and the answer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FrameError {
    /// The error to answer with.
    pub error: ErrorPayload,
    /// The frame's `ref` and topic, where they could be read.
    pub correlation: Correlation<'static>,
}

impl<'a> Inbound<'a> {
    /// Splits a text frame, in one pass and without copying.
    ///
    /// # Errors
    ///
    /// The answer to give, when the frame is not JSON, not an object, of
    /// another version, or names no action.
    pub fn decode(frame: &'a [u8]) -> Result<Self, FrameError> {
        let text = std::str::from_utf8(frame).map_err(|_| FrameError::of(Kind::JsonInvalid))?;
        let split = Split::of(text).map_err(FrameError::of)?;
        let reference = optional_name(split.reference, MAX_NAME);
        let topic = optional_name(split.topic, MAX_TOPIC);
        let action = checked_action(text, &split, &reference, &topic);

        let correlation = Correlation {
            reference: reference.unwrap_or_default(),
            topic: topic.unwrap_or_default(),
            seq: None,
        };
        match action {
            Ok(action) => Ok(Self {
                action,
                payload: Payload::checked(split.payload),
                correlation,
            }),
            Err(error) => Err(FrameError {
                error,
                correlation: correlation.into_owned(),
            }),
        }
    }
}

impl FrameError {
    /// The frame that answers.
    #[must_use]
    pub fn to_frame(&self) -> Bytes {
        error_frame(&self.error, &self.correlation)
    }

    /// A frame of bytes, where only text is understood.
    pub(crate) fn binary() -> Self {
        Self {
            error: ErrorPayload::binary_frame(),
            correlation: Correlation::default(),
        }
    }

    fn of(kind: Kind) -> Self {
        Self {
            error: ErrorPayload::of(kind),
            correlation: Correlation::default(),
        }
    }
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.error)
    }
}

impl Error for FrameError {}

/// The action of a frame of which all else is as it should be.
fn checked_action<'a>(
    text: &str,
    split: &Split<'a>,
    reference: &Result<Option<Cow<'_, str>>, Kind>,
    topic: &Result<Option<Cow<'_, str>>, Kind>,
) -> Result<Cow<'a, str>, ErrorPayload> {
    scan::check(text).map_err(ErrorPayload::of)?;
    check_version(split.version)?;
    check(topic, "topic")?;
    check(reference, "ref")?;
    check_sequence(split.seq)?;
    action(split.action)
}

fn action(json: Option<&str>) -> Result<Cow<'_, str>, ErrorPayload> {
    let json = json.ok_or_else(|| ErrorPayload::of(Kind::UnionTagNotFound))?;
    // No handler's action is longer, so that a longer one is just unknown.
    name(json, MAX_NAME).map_err(|_| ErrorPayload::unknown_action())
}

fn check_version(json: Option<&str>) -> Result<(), ErrorPayload> {
    match json {
        None | Some("1") => Ok(()),
        Some(version) if is_integer(version) => Err(ErrorPayload::unsupported_version()),
        Some(_) => Err(Violation::of(Kind::IntType).at("version").into()),
    }
}

fn check_sequence(json: Option<&str>) -> Result<(), ErrorPayload> {
    match json {
        None | Some("null") => Ok(()),
        Some(sequence) if is_integer(sequence) => Ok(()),
        Some(_) => Err(Violation::of(Kind::IntType).at("seq").into()),
    }
}

#[inline]
fn check<T>(read: &Result<T, Kind>, key: &'static str) -> Result<(), ErrorPayload> {
    match read {
        Ok(_) => Ok(()),
        Err(kind) => Err(Violation::of(*kind).at(key).into()),
    }
}

fn optional_name(json: Option<&str>, max: usize) -> Result<Option<Cow<'_, str>>, Kind> {
    let json = json.filter(|json| *json != "null");
    json.map(|json| name(json, max)).transpose()
}

/// A string that is short enough to be given back.
fn name(json: &str, max: usize) -> Result<Cow<'_, str>, Kind> {
    let name = string(json).ok_or(Kind::StringType)?;
    if name.len() > max {
        return Err(Kind::StringTooLong);
    }
    Ok(name)
}

fn string(json: &str) -> Option<Cow<'_, str>> {
    let bare = json.strip_prefix('"')?.strip_suffix('"')?;
    if bare.as_bytes().contains(&b'\\') {
        return serde_json::from_str(json).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(bare))
}

/// True if JSON is a number written without a fraction or an exponent.
fn is_integer(json: &str) -> bool {
    let digits = json.strip_prefix('-').unwrap_or(json);
    digits.bytes().all(|byte| byte.is_ascii_digit())
}
