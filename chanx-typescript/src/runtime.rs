//! The part of a client that is the same for all: what connects.
//!
//! It is written in TypeScript, a module for each noun, and put into the client's
//! file without its imports. What `tsc` makes of it lies beside it; tests see to
//! it that this stays so.

/// The modules, in the order in which they are read; a class stands behind the one it extends.
const MODULES: &[&str] = &[
    include_str!("../assets/runtime/conversation.ts"),
    include_str!("../assets/runtime/connection.ts"),
    include_str!("../assets/runtime/subscription.ts"),
    include_str!("../assets/runtime/options.ts"),
    include_str!("../assets/runtime/message.ts"),
    include_str!("../assets/runtime/protocol.ts"),
    include_str!("../assets/runtime/error.ts"),
    include_str!("../assets/runtime/come_back.ts"),
    include_str!("../assets/runtime/patience.ts"),
    include_str!("../assets/runtime/wire.ts"),
    include_str!("../assets/runtime/topic_wire.ts"),
    include_str!("../assets/runtime/wire_outbox.ts"),
    include_str!("../assets/runtime/wire_pulse.ts"),
    include_str!("../assets/runtime/frame.ts"),
    include_str!("../assets/runtime/loop_inbox.ts"),
    include_str!("../assets/runtime/watched.ts"),
    include_str!("../assets/runtime/address.ts"),
    include_str!("../assets/runtime/host.ts"),
];

/// What applications may name. The rest is exported by a module for the others.
const PUBLIC: &[&str] = &[
    "AbortSignalLike",
    "ActionOf",
    "AuthenticationFrame",
    "ChannelConnection",
    "ChannelProtocol",
    "ClientOptions",
    "ConnectionOptions",
    "ConnectionStatus",
    "Conversation",
    "Ending",
    "ErrorDetail",
    "ErrorFrame",
    "GroupFrame",
    "JsonValue",
    "MessageFrame",
    "MessageOf",
    "RequestAnswer",
    "RequestError",
    "RequestOf",
    "RequestOptions",
    "ServerError",
    "StreamOf",
    "TakenFrame",
    "TopicProtocol",
    "TopicSubscription",
    "Violation",
    "comeBack",
];

/// The same as JavaScript, as `tsc` makes it.
pub(crate) const JAVASCRIPT: &str = include_str!("../assets/runtime.js");

/// What of it applications may name, as `tsc` declares it.
pub(crate) const DECLARATIONS: &str = include_str!("../assets/runtime.d.ts");

/// The modules as one text.
pub(crate) fn typescript() -> String {
    let modules = MODULES.iter().map(|module| {
        let lines = module.lines().filter(|line| !line.starts_with("import "));
        let lines = lines.map(|line| match exported(line) {
            Some((declared, name)) if !PUBLIC.contains(&name) => declared,
            _ => line,
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        format!("{}\n", text.trim())
    });
    modules.collect::<Vec<_>>().join("\n")
}

/// All names that the text declares, which no type of the application can have.
pub(crate) fn names() -> impl Iterator<Item = String> {
    let lines = MODULES.iter().flat_map(|module| module.lines());
    let names = lines.filter_map(|line| declared(line.strip_prefix("export ").unwrap_or(line)));
    names.map(ToOwned::to_owned)
}

/// What a line exports, without the word, and its name.
fn exported(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("export ")?;
    Some((rest, declared(rest)?))
}

/// The name that a line at the top of a module declares.
fn declared(line: &str) -> Option<&str> {
    let kinds = [
        "abstract class ",
        "class ",
        "const ",
        "function ",
        "interface ",
        "type ",
    ];
    let rest = kinds.iter().find_map(|kind| line.strip_prefix(kind))?;
    let end = |letter: char| !letter.is_ascii_alphanumeric() && letter != '_';
    rest.split(end).next()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{PUBLIC, names, typescript};
    use crate::names::Names;

    #[test]
    fn one_text_exports_what_is_public_and_imports_nothing() {
        let text = typescript();

        assert!(!text.contains("import "));
        for name in PUBLIC {
            let declared = [
                format!("export class {name}"),
                format!("export abstract class {name}"),
                format!("export function {name}"),
                format!("export interface {name}"),
                format!("export type {name}"),
            ];
            assert!(declared.iter().any(|line| text.contains(line)), "{name}");
        }
        let exports = text.lines().filter(|line| line.starts_with("export "));
        assert_eq!(exports.count(), PUBLIC.len());
        let names: Vec<_> = names().collect();
        assert!(names.contains(&"Wire".to_owned()), "{names:?}");
    }

    /// The names in a line of code that something is asked of: `Date.now`, `Partial<T>`.
    fn used(line: &str) -> impl Iterator<Item = &str> {
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let mut rest = line;
        std::iter::from_fn(move || {
            loop {
                let start = rest.find(is_letter)?;
                let is_own = !rest[..start].ends_with(['.', '#']);
                rest = &rest[start..];
                let end = rest.find(|letter| !is_letter(letter)).unwrap_or(rest.len());
                let (name, behind) = rest.split_at(end);
                rest = behind;
                let is_used = behind.starts_with(['<', '.', '(']);
                if is_own && is_used && name.starts_with(|first: char| first.is_ascii_uppercase()) {
                    return Some(name);
                }
            }
        })
    }

    #[test]
    fn no_type_of_the_application_has_a_name_that_the_code_uses() {
        let text = typescript();
        let code = text.lines().filter(|line| {
            let line = line.trim_start();
            !line.starts_with("//") && !line.starts_with("/*") && !line.starts_with('*')
        });
        let used: HashSet<_> = code.flat_map(used).collect();
        assert!(used.contains("Promise"), "{used:?}");

        for name in used {
            let claimed = Names::beside(names()).claim(name.to_owned());
            assert_ne!(claimed, name);
        }
    }
}
