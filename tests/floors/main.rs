//! The modules of each crate import downwards, and none imports itself by way of others.
//!
//! Imports are resolved to the module that defines what is imported, so that a
//! re-export hides nothing. What tests import is left out.

mod imports;
mod source;

use std::path::Path;

use imports::Imports;
use source::Crate;

const CRATES: [&str; 7] = [
    ".",
    "benches",
    "chanx-asyncapi",
    "chanx-axum",
    "chanx-macros",
    "chanx-testing",
    "chanx-websocket",
];

fn workspace(path: &str) -> Crate {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(path).join("src");
    Crate::read(&root)
}

#[test]
fn core_imports_from_the_floors_below() {
    let imports = Imports::of(&workspace("chanx-core"));

    assert_eq!(imports.upward(), [""; 0]);
}

#[test]
fn core_imports_from_the_module_that_owns_a_name() {
    let imports = Imports::of(&workspace("chanx-core"));

    assert_eq!(imports.through_the_root(), [""; 0]);
}

#[test]
fn no_module_imports_itself_by_way_of_others() {
    let core = Imports::of(&workspace("chanx-core")).circles();
    let others = CRATES.map(|path| Imports::of(&workspace(path)).circles());

    assert_eq!(others.concat(), [""; 0]);
    assert_eq!(core, [""; 0]);
}

/// Imports of a crate that is written here, file by file.
fn imports(files: &[(&str, &str)]) -> Imports {
    Imports::of(&Crate::of(files))
}

#[test]
fn an_import_from_below_is_fine() {
    let imports = imports(&[
        ("", "mod ground; mod attic;"),
        ("ground", "pub struct Stone;"),
        ("attic", "use crate::ground::Stone; struct Trunk(Stone);"),
    ]);

    assert_eq!(imports.upward(), [""; 0]);
    assert_eq!(imports.circles(), [""; 0]);
}

#[test]
fn an_import_from_above_is_found() {
    let imports = imports(&[
        ("", "mod ground; mod attic;"),
        ("ground", "use crate::attic::Trunk; struct Stone(Trunk);"),
        ("attic", "pub struct Trunk;"),
    ]);

    assert_eq!(imports.upward(), ["ground → attic"]);
}

#[test]
fn a_path_that_is_written_out_is_found() {
    let imports = imports(&[
        ("", "mod ground; mod attic;"),
        ("ground", "fn open() { crate::attic::open() }"),
        ("attic", "pub fn open() {}"),
    ]);

    assert_eq!(imports.upward(), ["ground → attic"]);
}

#[test]
fn a_path_inside_a_macro_is_found() {
    let imports = imports(&[
        ("", "mod ground; mod attic;"),
        ("ground", "each! { crate::attic::Trunk, u8 }"),
        ("attic", "pub struct Trunk;"),
    ]);

    assert_eq!(imports.upward(), ["ground → attic"]);
}

#[test]
fn a_re_export_hides_nothing() {
    let imports = imports(&[
        ("", "mod ground; mod stairs; mod attic;"),
        ("ground", "use crate::stairs::Trunk; struct Stone(Trunk);"),
        ("stairs", "pub use crate::attic::Trunk;"),
        ("attic", "pub struct Trunk;"),
    ]);

    assert_eq!(imports.upward(), ["ground → attic", "stairs → attic"]);
}

#[test]
fn an_import_through_the_root_is_found() {
    let imports = imports(&[
        ("", "mod ground; mod attic; pub use ground::Stone;"),
        ("ground", "pub struct Stone;"),
        (
            "attic",
            "use crate::{Stone, ground}; fn f(_: Stone) { ground::g() }",
        ),
    ]);

    assert_eq!(imports.through_the_root(), ["attic: crate::Stone"]);
}

#[test]
fn a_circle_of_siblings_is_found() {
    let imports = imports(&[
        ("", "mod house;"),
        ("house", "mod door; mod key; pub use door::Door;"),
        ("house::door", "use super::key::Key; pub struct Door(Key);"),
        ("house::key", "use super::Door; pub struct Key(Box<Door>);"),
    ]);

    assert_eq!(imports.circles(), ["house::door ⇄ house::key"]);
}

#[test]
fn a_circle_with_a_child_is_found() {
    let imports = imports(&[
        ("", "mod house;"),
        (
            "house",
            "mod door; pub struct House; fn f() { door::open() }",
        ),
        (
            "house::door",
            "use super::House; pub fn open() -> House { House }",
        ),
    ]);

    assert_eq!(imports.circles(), ["house ⇄ house::door"]);
}

#[test]
fn what_tests_import_is_left_out() {
    let imports = imports(&[
        ("", "mod ground; mod attic;"),
        (
            "ground",
            "#[cfg(test)] mod tests { use crate::attic::Trunk; } #[cfg(test)] use crate::attic;",
        ),
        ("attic", "pub struct Trunk;"),
    ]);

    assert_eq!(imports.upward(), [""; 0]);
}
