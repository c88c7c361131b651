//! The summary of many violations: the first of them, cut, and the number of the rest.
//!
//! A frame can break as many rules as it has bytes, at the end of paths as long
//! as itself, and a message's own check may say anything.

use std::borrow::Cow;

use super::{Location, Violation};

/// The most violations that are told.
pub(super) const MAX_TOLD: usize = 20;

/// A key in a path, or a type, is cut here, in bytes.
const MAX_KEY: usize = 100;

/// A text is cut here, in bytes.
const MAX_TEXT: usize = 1000;

/// The most steps of a path: a frame has no more levels, the action included.
const MAX_STEPS: usize = 66;

/// The `type` that tells how many violations are left out.
const MORE: &str = "more_violations";

/// The first violations, and how many more there are if some are left out.
///
/// A summary of a summary is itself.
pub(super) fn summary(violations: Vec<Violation>) -> Vec<Violation> {
    first(MAX_TOLD, violations)
}

/// A summary of half as many, or of the last one without its path, then with half its text.
pub(super) fn shortened(mut violations: Vec<Violation>) -> Option<Vec<Violation>> {
    let told = violations.iter().filter(|each| left_out(each).is_none());
    let told = told.count();
    if told > 1 {
        return Some(first(told / 2, violations));
    }
    if violations.iter().any(|each| !each.path.is_empty()) {
        for each in &mut violations {
            each.path.clear();
        }
        return Some(violations);
    }
    let only = violations
        .first_mut()
        .filter(|only| !only.message.is_empty() && told == 1)?;
    only.message = half(std::mem::take(&mut only.message));
    Some(violations)
}

fn first(count: usize, violations: Vec<Violation>) -> Vec<Violation> {
    let mut told = Vec::with_capacity(violations.len().min(count + 1));
    let (mut untold, mut path) = (0, Vec::new());
    for violation in violations {
        if let Some(before) = left_out(&violation) {
            untold += before;
            path = violation.path;
        } else if told.len() < count {
            told.push(cut(violation));
        } else {
            untold += 1;
        }
    }
    told.extend(more(untold).map(|more| Violation { path, ..more }));
    told
}

/// Says how many violations are left out, if any are.
pub(super) fn more(count: usize) -> Option<Violation> {
    (count > 0).then(|| Violation::new(MORE, format!("{count} more")))
}

fn left_out(violation: &Violation) -> Option<usize> {
    let count = violation.message.strip_suffix(" more")?;
    count.parse().ok().filter(|_| violation.kind == MORE)
}

fn cut(violation: Violation) -> Violation {
    let Violation {
        kind,
        mut path,
        message,
    } = violation;
    path.truncate(MAX_STEPS);
    for step in &mut path {
        if let Location::Key(key) = step {
            *key = cut_text(std::mem::take(key), MAX_KEY);
        }
    }
    Violation {
        kind: cut_text(kind, MAX_KEY),
        path,
        message: cut_text(message, MAX_TEXT),
    }
}

pub(super) fn half(text: Cow<'static, str>) -> Cow<'static, str> {
    let length = text.len();
    cut_text(text, length / 2)
}

/// The beginning of a text, which keeps no more memory than that.
fn cut_text(text: Cow<'static, str>, max: usize) -> Cow<'static, str> {
    if text.len() <= max {
        return text;
    }
    let end = text.floor_char_boundary(max);
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..end]),
        Cow::Owned(text) => Cow::Owned(text[..end].to_owned()),
    }
}
