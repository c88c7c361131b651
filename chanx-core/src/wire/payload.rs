//! A payload, from its slice of the frame into its type.

use std::{error::Error, fmt, marker::PhantomData};

use schemars::JsonSchema;
use serde::de::{DeserializeOwned, DeserializeSeed, IgnoredAny};
use serde_json::value::RawValue;

use super::{
    Beginning, ErrorPayload, Guess, Location, Violation,
    error::listed,
    explain::{self, Refusal},
    kind::Kind,
    known_schemas::{SchemaOf, TypeSchema},
    scan,
    strict::{Notes, Strict},
    summary::summary,
};

/// The JSON that an absent payload is read as.
const NULL: &str = "null";

/// A payload that has not been read yet: a slice of its frame, or nothing at all.
///
/// # Examples
///
/// ```
/// use chanx::wire::{InvalidPayload, Payload};
///
/// let seats = |json| Payload::from_json(json)?.decode::<Vec<u8>>();
///
/// assert_eq!(seats("[1, 2]")?, [1, 2]);
/// assert_eq!(seats("[1, -2]").unwrap_err().to_string(), "1: the number is too small");
/// assert_eq!(seats("[1, ").unwrap_err().to_string(), "not valid JSON");
/// # Ok::<(), InvalidPayload>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Payload<'a> {
    json: Option<&'a str>,
    known: Known<'a>,
}

/// The things known of a payload before it is read.
#[derive(Debug, Clone, Copy)]
enum Known<'a> {
    /// It is JSON.
    Json,
    /// It is JSON, and its frame has been looked through, see [`scan`].
    Checked,
    /// Its frame has been looked through. It is JSON where a [guess](super::guess) holds.
    Guessed(&'a Guess),
}

/// A payload that is no message: what is wrong with it, and where.
///
/// As an error it says so in one line. A handler may fail with it by `?`: the
/// log has the line, and the client reads a neutral sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPayload {
    /// Paths start at the payload; none at all means that no message goes by the action.
    violations: Vec<Violation>,
    /// See [`reason`](Self::reason).
    reason: Option<String>,
}

impl<'a> Payload<'a> {
    /// The payload of a message without data.
    pub const NULL: Payload<'static> = Payload::checked(Some(NULL));

    /// A payload that comes as JSON: from a webhook, a queue, a file.
    ///
    /// For a `serde_json::Value`, give its [`to_string`](ToString::to_string).
    ///
    /// # Errors
    ///
    /// The violation `json_invalid`, when the text is not one value of JSON.
    pub fn from_json(json: &'a str) -> Result<Self, InvalidPayload> {
        match serde_json::from_str::<&RawValue>(json) {
            Ok(raw) => Ok(Self::from_raw(raw)),
            Err(_) => Err(InvalidPayload::of(Kind::JsonInvalid)),
        }
    }

    /// A payload that is already known to be JSON.
    pub(crate) fn from_raw(raw: &'a RawValue) -> Self {
        Self {
            json: Some(raw.get()),
            known: Known::Json,
        }
    }

    /// A payload whose frame has been looked through.
    pub(super) const fn checked(json: Option<&'a str>) -> Self {
        Self {
            json,
            known: Known::Checked,
        }
    }

    /// The action of a frame that seems to have one and a payload, and no more, and what
    /// is a payload where the guess comes to hold.
    #[inline]
    pub(crate) fn guess(beginning: Beginning<'a>, guess: &'a Guess) -> Option<(&'a str, Self)> {
        let (action, json) = beginning.parts()?;
        let payload = Self {
            json: Some(json),
            known: Known::Guessed(guess),
        };
        Some((action, payload))
    }

    /// True while it is not known to be one.
    pub(crate) fn is_guess(self) -> bool {
        matches!(self.known, Known::Guessed(guess) if !guess.holds())
    }

    fn settle(self) {
        if let Known::Guessed(guess) = self.known {
            guess.settle();
        }
    }

    /// The JSON as it was written, unless the frame had no payload.
    #[must_use]
    pub fn json(self) -> Option<&'a str> {
        if self.is_guess() {
            serde_json::from_str::<IgnoredAny>(self.json?).ok()?;
            self.settle();
        }
        self.json
    }

    /// Reads the value of a message or event.
    ///
    /// An absent payload is read as `null`. A message's own rules are not asked:
    /// that is what [`MessageSet::decode`](crate::MessageSet::decode) does.
    ///
    /// # Errors
    ///
    /// The first value that is missing or of the wrong kind.
    pub fn decode<T: DeserializeOwned>(self) -> Result<T, InvalidPayload> {
        self.read(None)
    }

    /// Reads a value that has a schema, which names more of what may be wrong.
    pub(crate) fn decode_by_schema<T>(self) -> Result<T, InvalidPayload>
    where
        T: DeserializeOwned + JsonSchema + 'static,
    {
        self.read(Some(TypeSchema::of::<T>))
    }

    fn read<T: DeserializeOwned>(self, schema: Option<SchemaOf>) -> Result<T, InvalidPayload> {
        let json = self.json.unwrap_or(NULL);
        if let Known::Json = self.known {
            scan::check(json).map_err(InvalidPayload::of)?;
        }
        let mut reader = serde_json::Deserializer::from_str(json);
        let notes = Notes::default();
        let read = Strict::new(PhantomData::<T>, &notes).deserialize(&mut reader);
        // serde_json reads the `1` of `1.5` as an integer of 128 bits, and stops there.
        let read = read.and_then(|value| reader.end().map(|()| value));
        if read.is_ok() && notes.vouch() {
            self.settle();
        }
        if let Known::Guessed(guess) = self.known
            && !guess.holds()
        {
            // Whoever has guessed cuts the frame with care now.
            guess.refuse();
            return Err(InvalidPayload::of(Kind::JsonInvalid));
        }
        match read {
            Ok(value) if !notes.doubtful.get() => Ok(value),
            Ok(value) => match explain::doubts(json, schema) {
                Ok(()) => Ok(value),
                Err(refusal) => Err(InvalidPayload::explained(refusal)),
            },
            Err(_) => self.read_slowly(schema),
        }
    }

    /// True if an absent payload is read as a `T`.
    ///
    /// The slow reader is asked: both are compiled for each `T`, and the fast one is inlined
    /// only as long as it is called in one place.
    pub(crate) fn may_be_absent<T: DeserializeOwned>() -> bool {
        Self::NULL.read_slowly::<T>(None).is_ok()
    }

    /// Reads what could not be read, which tells where and why.
    ///
    /// It may yet succeed: serde refuses a key that comes twice, where the
    /// protocol lets the last one stand.
    #[cold]
    fn read_slowly<T: DeserializeOwned>(
        self,
        schema: Option<SchemaOf>,
    ) -> Result<T, InvalidPayload> {
        match self.json {
            None => Err(InvalidPayload::of(Kind::Missing)),
            Some(json) => explain::explain(json, schema).map_err(InvalidPayload::explained),
        }
    }
}

impl InvalidPayload {
    /// No message goes by this action.
    #[must_use]
    pub fn unknown_action() -> Self {
        Self::new(Vec::new())
    }

    /// A refusal by a message's own `validate`, which is one even if the list is empty.
    pub(crate) fn refused(mut violations: Vec<Violation>) -> Self {
        if violations.is_empty() {
            violations.push(Violation::of(Kind::ValueError));
        }
        Self::new(violations)
    }

    fn of(kind: Kind) -> Self {
        Self::new(vec![Violation::of(kind)])
    }

    fn new(violations: Vec<Violation>) -> Self {
        Self {
            violations: summary(violations),
            reason: None,
        }
    }

    fn explained(refusal: Refusal) -> Self {
        Self {
            reason: refusal.reason,
            ..Self::new(vec![refusal.violation])
        }
    }

    /// The reason for which a type refuses its value, in its own words: for the log,
    /// never for the wire.
    pub(crate) fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The violations, by paths that start at the payload.
    ///
    /// At most 20 violations; the last of more than these says how many are left
    /// out, by the kind `more_violations`. Keys in paths are cut at 100 bytes and
    /// texts at 1000.
    ///
    /// Empty when no message goes by the action.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// The error to answer with, whose paths start at the action.
    #[must_use]
    pub fn into_error(self, action: &str) -> ErrorPayload {
        if self.violations.is_empty() {
            return ErrorPayload::unknown_action();
        }
        let prefix = [Location::from(action.to_owned()), Location::from("payload")];
        let mut violations = self.violations;
        for violation in &mut violations {
            violation.path.splice(..0, prefix.iter().cloned());
        }
        ErrorPayload::Violations(violations)
    }
}

impl fmt::Display for InvalidPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.violations.is_empty() {
            return f.write_str("nothing goes by this action");
        }
        listed(&self.violations, f)
    }
}

impl Error for InvalidPayload {}
