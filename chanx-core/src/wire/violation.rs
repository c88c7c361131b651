//! One thing that is wrong with a client's data, and where.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

use super::{foreign::Foreign, kind::Kind};

/// One thing that is wrong with a client's data.
///
/// It is a list's element in an [`ErrorPayload`](super::ErrorPayload), which a
/// client reads as the same type. Its `Display` is one line: the path, then the text.
///
/// # Examples
///
/// ```
/// use chanx::wire::Violation;
///
/// let violation = Violation::value("must be in the future").at("deadline");
/// assert_eq!(
///     serde_json::to_value(&violation).unwrap(),
///     serde_json::json!({
///         "type": "value_error",
///         "loc": ["deadline"],
///         "msg": "must be in the future",
///     }),
/// );
/// assert_eq!(violation.to_string(), "deadline: must be in the future");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Violation {
    /// The word that clients branch on.
    #[serde(rename = "type")]
    pub kind: Cow<'static, str>,
    /// The path to the value, outermost first.
    #[serde(rename = "loc")]
    pub path: Vec<Location>,
    /// The text for people.
    #[serde(rename = "msg")]
    pub message: Cow<'static, str>,
}

/// One step of a path into JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Location {
    /// Into an object.
    Key(Cow<'static, str>),
    /// Into a list, counted from zero.
    Index(usize),
}

impl Violation {
    /// A violation of the whole value, of a kind of your own.
    pub fn new(kind: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind: kind.into(),
            path: Vec::new(),
            message: message.into(),
        }
    }

    /// A violation of the whole value, of the kind `value_error`.
    pub fn value(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::ValueError.name(), message)
    }

    /// Appends a step to the path, from the outside in.
    #[must_use]
    pub fn at(mut self, step: impl Into<Location>) -> Self {
        self.path.push(step.into());
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

/// One line, whatever a client has put into the path.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, step) in self.path.iter().enumerate() {
            if n > 0 {
                f.write_str(".")?;
            }
            write!(f, "{step}")?;
        }
        if !self.path.is_empty() {
            f.write_str(": ")?;
        }
        f.write_str(&Foreign::prose(&self.message).to_text())
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => write!(f, "{}", Foreign::name(key)),
            Self::Index(index) => write!(f, "{index}"),
        }
    }
}
