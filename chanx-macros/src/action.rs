//! The name that a message or event travels under.

use heck::ToSnakeCase;
use syn::{Ident, LitStr, ext::IdentExt};

use crate::{errors::Errors, kind::Kind};

/// The framework's own actions, which `chanx-core` refuses as well where an
/// action was not derived.
pub(crate) const RESERVED: &[&str] = &[
    "error",
    "complete",
    "group_complete",
    "event_complete",
    "authentication",
    "subscribe",
    "subscribed",
    "unsubscribe",
    "unsubscribed",
];

/// The longest action that a frame may carry, in bytes.
const LONGEST: usize = 128;

/// The action of `ident`: the one that was written, or the type's name in `snake_case`.
///
/// Behind a mistake some other action is given, so that it is told once and
/// not by every check that comes later.
pub(crate) fn action(
    kind: Kind,
    ident: &Ident,
    written: Option<&LitStr>,
    errors: &mut Errors,
) -> String {
    let derived = ident.unraw().to_string().to_snake_case();
    let action = written.map_or_else(|| derived.clone(), LitStr::value);
    let Some(mistake) = mistake(kind, &action) else {
        return action;
    };
    match written {
        Some(literal) => errors.at(literal, mistake),
        None => errors.at(ident, mistake),
    }
    format!("{derived}_{}", kind.noun())
}

fn mistake(kind: Kind, action: &str) -> Option<String> {
    let attribute = kind.noun();
    if action.is_empty() {
        return Some("an action cannot be empty".to_owned());
    }
    if action.len() > LONGEST {
        return Some(format!(
            "an action has at most {LONGEST} bytes, and this one has {}",
            action.len()
        ));
    }
    RESERVED.contains(&action).then(|| {
        format!(
            "action `{action}` is reserved by chanx; choose another with `#[{attribute}(action = \"…\")]`"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::RESERVED;

    #[test]
    fn the_core_reserves_the_same_actions() {
        assert_eq!(RESERVED, chanx::__private0_1_0::RESERVED);
    }
}
