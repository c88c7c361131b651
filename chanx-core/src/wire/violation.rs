//! One thing that is wrong with a client's data, and where.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::kind::Kind;

/// One thing that is wrong with a client's data.
///
/// # Examples
///
/// ```
/// use chanx::wire::Violation;
///
/// let violation = Violation::value("must be in the future").at("deadline");
/// assert_eq!(
///     serde_json::to_value(violation).unwrap(),
///     serde_json::json!({
///         "type": "value_error",
///         "loc": ["deadline"],
///         "msg": "must be in the future",
///     }),
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// What clients branch on.
    #[serde(rename = "type")]
    pub kind: Cow<'static, str>,
    /// The path to the value, outermost first.
    pub loc: Vec<Location>,
    /// What people read.
    pub msg: Cow<'static, str>,
}

/// One step of a path into JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// Into an object.
    Key(Cow<'static, str>),
    /// Into a list, counted from zero.
    Index(usize),
}

impl Violation {
    /// A violation of the whole value, of a kind of your own.
    pub fn new(kind: impl Into<Cow<'static, str>>, msg: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind: kind.into(),
            loc: Vec::new(),
            msg: msg.into(),
        }
    }

    /// A violation of the whole value, of the kind `value_error`.
    pub fn value(msg: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::ValueError.name(), msg)
    }

    /// Appends a step to the path, from the outside in.
    #[must_use]
    pub fn at(mut self, step: impl Into<Location>) -> Self {
        self.loc.push(step.into());
        self
    }

    pub(crate) fn of(kind: Kind) -> Self {
        Self::new(kind.name(), kind.text())
    }
}

impl From<&'static str> for Location {
    fn from(key: &'static str) -> Self {
        Self::Key(Cow::Borrowed(key))
    }
}

impl From<String> for Location {
    fn from(key: String) -> Self {
        Self::Key(Cow::Owned(key))
    }
}

impl From<usize> for Location {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

impl Serialize for Location {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Key(key) => serializer.serialize_str(key),
            Self::Index(index) => index.serialize(serializer),
        }
    }
}
