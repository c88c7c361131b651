//! Names that nothing else has.

/// The name, with the lowest number behind it that makes it free.
pub(super) fn free_name(name: &str, is_free: impl Fn(&str) -> bool) -> String {
    let mut free = name.to_owned();
    let mut number = 1;
    while !is_free(&free) {
        number += 1;
        free = format!("{name}{number}");
    }
    free
}
