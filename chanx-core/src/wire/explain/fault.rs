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
    /// Whether the innermost step is a guess.
    buffered: bool,
}

impl Fault {
    pub(super) fn of(kind: Kind) -> Self {
        Self {
            kind,
            path: Vec::new(),
            buffered: false,
        }
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

    /// Marks a field as missing either from this object or from something in it.
    ///
    /// What serde buffers, for flattened and tagged types, it reads out of our
    /// sight: which of the two it is cannot be seen from here.
    pub(super) fn buffered(mut self) -> Self {
        self.buffered |= self.kind == Kind::Missing && self.path.len() == 1;
        self
    }

    pub(super) fn is_buffered(&self) -> bool {
        self.buffered
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
        Violation {
            loc: self.path,
            ..Violation::of(self.kind)
        }
    }
}

/// Not one of these looks at the text: it is serde's, or says what only the
/// developer is to know.
impl de::Error for Fault {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::of(Kind::ValueError)
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::of(Kind::ValueError)
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::of(Kind::ValueError)
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self::of(Kind::TooShort)
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::of(Kind::Enum)
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::of(Kind::ExtraForbidden)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::of(Kind::Missing).within(field)
    }

    /// Two names of one field: a name that comes twice has been dealt with.
    fn duplicate_field(field: &'static str) -> Self {
        Self::of(Kind::ValueError).within(field)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.text())
    }
}

impl std::error::Error for Fault {}
