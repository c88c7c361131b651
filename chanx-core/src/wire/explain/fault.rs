//! What the reader finds wrong, and where.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::super::{Location, Violation, kind::Kind};

/// The first thing wrong with a payload.
#[derive(Debug)]
pub(super) struct Fault {
    kind: Kind,
    /// Innermost first: the path grows on the way out.
    path: Vec<Location>,
}

impl Fault {
    pub(super) fn of(kind: Kind) -> Self {
        Self {
            kind,
            path: Vec::new(),
        }
    }

    /// Puts a step before the path.
    pub(super) fn within(mut self, step: impl Into<Location>) -> Self {
        self.path.push(step.into());
        self
    }

    /// Says more precisely what is wrong with the value itself, rather than with something inside.
    pub(super) fn refine(mut self, refine: impl FnOnce(Kind) -> Kind) -> Self {
        if self.path.is_empty() {
            self.kind = refine(self.kind);
        }
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

/// Not one of these looks at the text: it is serde's, or names what only the
/// developer knows.
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
