//! A mistake that the reader finds, and its place.

use std::fmt::{self, Write};

use serde::de::{self, Expected, Unexpected};

use super::{
    super::{Location, Violation, kind::Kind},
    refusal::Refusal,
};

/// The most bytes of a reason that are kept.
const MAX_REASON: usize = 1024;

/// The first thing wrong with a payload.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    kind: Kind,
    /// Innermost first: the path grows on the way out.
    path: Vec<Location>,
    /// True if the reader was there, see [`witnessed`](Self::witnessed).
    witnessed: bool,
    /// The type's own words, for the log alone.
    reason: Option<String>,
}

/// Reads another JSON as the same type: what is wrong with that.
pub(super) type Reread = fn(&str) -> Option<Fault>;

impl Fault {
    /// A mistake that the reader finds by itself.
    pub(super) fn of(kind: Kind) -> Self {
        Self {
            witnessed: true,
            ..Self::told(kind)
        }
    }

    /// A mistake that a type's own code finds.
    fn told(kind: Kind) -> Self {
        Self {
            kind,
            path: Vec::new(),
            witnessed: false,
            reason: None,
        }
    }

    fn because(mut self, reason: impl fmt::Display) -> Self {
        let mut kept = Kept(String::new());
        // Text that does not fit is left out.
        let _ = write!(kept, "{reason}");
        self.reason = Some(kept.0);
        self
    }

    /// Confirms that what a type has found concerns the value at hand.
    ///
    /// It may not: what is flattened, untagged or internally tagged serde
    /// buffers and reads out of our sight. The fault then concerns some part
    /// of the value, and no one knows which.
    pub(super) fn witnessed(mut self) -> Self {
        let missing = usize::from(self.kind == Kind::Missing);
        self.witnessed |= self.path.len() == missing;
        self
    }

    /// Puts a step before the path.
    pub(super) fn within(mut self, step: impl Into<Location>) -> Self {
        self.path.push(step.into());
        self
    }

    /// Says more precisely what is wrong with the value itself, rather than with something in it.
    pub(super) fn refine(mut self, from: Kind, to: Kind) -> Self {
        if self.path.is_empty() && self.kind == from {
            self.kind = to;
        }
        self
    }

    /// The field that is missing, if not from here then from something within.
    pub(super) fn missing_somewhere(&self) -> Option<&Location> {
        let is_missing = self.kind == Kind::Missing && !self.witnessed;
        self.path.first().filter(|_| is_missing)
    }

    /// Confirms that the path is right.
    pub(super) fn seen(self) -> Self {
        Self {
            witnessed: true,
            ..self
        }
    }

    /// True if no better kind than `value_error` is known, or the place is not.
    pub(super) fn is_unnamed(&self) -> bool {
        self.kind == Kind::ValueError || !self.witnessed
    }

    /// True if the path may go on, see [`witnessed`](Self::witnessed).
    pub(super) fn is_within(&self) -> bool {
        !self.witnessed
    }

    /// The path to the value that something is wrong with, or within.
    pub(super) fn place(&self) -> Vec<Location> {
        let missing = usize::from(self.missing_somewhere().is_some());
        self.path[missing..].iter().rev().cloned().collect()
    }

    /// Names what is wrong, by a path from the outside in.
    pub(super) fn named(self, kind: Kind, mut path: Vec<Location>) -> Self {
        path.reverse();
        Self {
            path,
            reason: self.reason,
            ..Self::of(kind)
        }
    }

    /// The path from the outside in.
    pub(super) fn path(&self) -> impl Iterator<Item = &Location> {
        self.path.iter().rev()
    }

    /// Ends the path of what is missing from something within at the value that is known.
    pub(super) fn at_place(mut self) -> Self {
        if self.missing_somewhere().is_some() {
            self.path.remove(0);
        }
        self
    }

    pub(super) fn into_refusal(mut self) -> Refusal {
        self.path.reverse();
        let kind = match self.kind {
            Kind::Missing => Kind::Missing,
            kind if self.witnessed => kind,
            _ => Kind::ValueError,
        };
        Refusal {
            violation: Violation {
                path: self.path,
                ..Violation::of(kind)
            },
            reason: self.reason,
        }
    }
}

/// The beginning of a text.
struct Kept(String);

impl Write for Kept {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = MAX_REASON - self.0.len();
        self.0.push_str(&text[..text.floor_char_boundary(room)]);
        if text.len() > room {
            Err(fmt::Error)
        } else {
            Ok(())
        }
    }
}

/// Not one of these looks at the text: it is serde's, or says what only the
/// developer is to know. Values that a client has sent are left out of it.
impl de::Error for Fault {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self::told(Kind::ValueError).because(reason)
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::told(Kind::ValueError).because(format_args!("expected {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::told(Kind::ValueError).because(format_args!("expected {expected}"))
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self::told(Kind::TooShort)
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::told(Kind::Enum)
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::told(Kind::ExtraForbidden)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::told(Kind::Missing).within(field)
    }

    /// Two names of one field: a name that comes twice has been dealt with.
    fn duplicate_field(field: &'static str) -> Self {
        Self::told(Kind::ValueError).within(field)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.text())
    }
}

impl std::error::Error for Fault {}
