//! The payload of an `error` frame.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

use super::{
    foreign::Foreign,
    kind::Kind,
    summary::{half, shortened, summary},
    violation::Violation,
};

/// The payload of an `error` frame.
///
/// A list where the client's data is at fault, an object otherwise: that is
/// how a client tells the two apart, and how a client in Rust reads it.
/// [`Consumer::render_error`] may change it. Its `Display` is one line.
///
/// [`Consumer::render_error`]: crate::Consumer::render_error
///
/// | `reason` of the framework's own | says |
/// | --- | --- |
/// | `rate_limited` | too many messages; this one was not handled |
/// | `lagged` | something is missing that was published before: here, or where a process was cut off, a few frames ago |
/// | `unsupported_version` | `version` is another than 1 |
/// | `unknown_topic`, `unauthorized`, `too_many_topics` | the subscription is refused |
/// | `not_subscribed` | there is no subscription to the `topic` |
/// | `ref_in_use` | a stream that is under way has this `ref`, which is in the payload |
/// | `too_many_streams` | as many streams as may be are under way |
///
/// # Examples
///
/// ```
/// use chanx::wire::ErrorPayload;
/// use serde_json::{from_value, json, to_value};
///
/// let full = ErrorPayload::with_reason("room_full", "room is full");
/// let json = json!({"detail": "room is full", "reason": "room_full"});
/// assert_eq!(to_value(&full)?, json);
/// assert_eq!(from_value::<ErrorPayload>(json)?, full);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ErrorPayload {
    /// The mistakes in the client's data.
    Violations(Vec<Violation>),
    /// A failure of another kind.
    Detail {
        /// The text for people.
        detail: Cow<'static, str>,
        /// The word that clients branch on.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<Cow<'static, str>>,
        /// The `ref` that it is about, where the frame itself must not carry it.
        #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
        reference: Option<Cow<'static, str>>,
    },
}

impl ErrorPayload {
    /// A frame of bytes, where only text is understood.
    #[must_use]
    pub fn binary_frame() -> Self {
        Self::of(Kind::JsonInvalid)
    }

    /// An action that no handler takes.
    #[must_use]
    pub fn unknown_action() -> Self {
        Self::of(Kind::UnionTagInvalid)
    }

    /// Something other than the client's data.
    pub fn detail(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::Detail {
            detail: detail.into(),
            reason: None,
            reference: None,
        }
    }

    /// Something other than the client's data, with a word to branch on.
    pub fn with_reason(
        reason: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::Detail {
            detail: detail.into(),
            reason: Some(reason.into()),
            reference: None,
        }
    }

    /// A `ref` that belongs to a stream under way.
    pub(crate) fn ref_in_use(reference: &str) -> Self {
        Self::Detail {
            detail: "a stream that is under way has this ref".into(),
            reason: Some("ref_in_use".into()),
            reference: Some(reference.to_owned().into()),
        }
    }

    /// A frame that subscribes, or ends a subscription, without saying to what.
    pub(crate) fn missing_topic() -> Self {
        Violation::of(Kind::Missing).at("topic").into()
    }

    /// A version of the protocol that nobody here speaks.
    pub(crate) fn unsupported_version() -> Self {
        Self::with_reason("unsupported_version", "only version 1 is spoken here")
    }

    /// The error as a client is told it: no longer than a client may be told, whatever
    /// the application says.
    pub(super) fn summarised(self) -> Self {
        match self {
            Self::Violations(violations) => Self::Violations(summary(violations)),
            detail @ Self::Detail { .. } => detail,
        }
    }

    /// Half as much, until there is nothing that can be left out.
    pub(super) fn shortened(self) -> Option<Self> {
        match self {
            Self::Violations(violations) => shortened(violations).map(Self::Violations),
            Self::Detail {
                detail,
                reason,
                reference,
            } if !detail.is_empty() => Some(Self::Detail {
                detail: half(detail),
                reason,
                reference,
            }),
            // The reason is cut last, because clients branch on it.
            Self::Detail {
                detail,
                reason,
                reference,
            } => {
                let reason = reason.filter(|reason| !reason.is_empty())?;
                Some(Self::Detail {
                    detail,
                    reason: Some(half(reason)),
                    reference,
                })
            }
        }
    }

    pub(crate) fn of(kind: Kind) -> Self {
        Violation::of(kind).into()
    }
}

impl From<Violation> for ErrorPayload {
    fn from(violation: Violation) -> Self {
        Self::Violations(vec![violation])
    }
}

/// One line, whatever a client has put into it.
impl fmt::Display for ErrorPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Violations(violations) => listed(violations, f),
            Self::Detail { detail, .. } => f.write_str(&Foreign::prose(detail).to_text()),
        }
    }
}

/// Violations in one line.
pub(super) fn listed(violations: &[Violation], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (n, violation) in violations.iter().enumerate() {
        if n > 0 {
            f.write_str("; ")?;
        }
        write!(f, "{violation}")?;
    }
    Ok(())
}
