//! What the reader finds wrong, and where.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::super::{Location, Violation, kind::Kind};

/// The first thing wrong with a payload.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    kind: Kind,
    /// Innermost first: the path grows on the way out.
    path: Vec<Location>,
    /// Whether the reader was there, see [`witnessed`](Self::witnessed).
    witnessed: bool,
}

impl Fault {
    /// What the reader finds by itself.
    pub(super) fn of(kind: Kind) -> Self {
        Self {
            witnessed: true,
            ..Self::told(kind)
        }
    }

    /// What a type's own code finds.
    fn told(kind: Kind) -> Self {
        Self {
            kind,
            path: Vec::new(),
            witnessed: false,
        }
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

    /// Whether a field is missing, but perhaps not from where the path says.
    pub(super) fn is_missing_somewhere(&self) -> bool {
        self.kind == Kind::Missing && !self.witnessed
    }

    /// The path from the outside in.
    pub(super) fn path(&self) -> impl Iterator<Item = &Location> {
        self.path.iter().rev()
    }

    /// Ends the path at the enclosing value.
    pub(super) fn without_innermost(mut self) -> Self {
        self.path.remove(0);
        self
    }

    pub(super) fn into_violation(mut self) -> Violation {
        self.path.reverse();
        let kind = match self.kind {
            Kind::Missing => Kind::Missing,
            kind if self.witnessed => kind,
            _ => Kind::ValueError,
        };
        Violation {
            loc: self.path,
            ..Violation::of(kind)
        }
    }
}

/// Not one of these looks at the text: it is serde's, or says what only the
/// developer is to know.
impl de::Error for Fault {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::told(Kind::ValueError)
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::told(Kind::ValueError)
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::told(Kind::ValueError)
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
