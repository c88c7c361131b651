//! The modules of each crate import downwards, and none imports itself by way of others.
//!
//! Imports are resolved to the module that defines what is imported, so that a
//! re-export hides nothing. What tests import is left out.

mod imports;
mod source;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use imports::Imports;
use serde_json::Value;
use source::Crate;

/// The root files of all libraries, programs and examples of the workspace.
fn roots() -> Vec<PathBuf> {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("cargo writes JSON");
    let list = |value: &Value, key: &str| value[key].as_array().expect("a list").clone();
    let targets = list(&metadata, "packages")
        .into_iter()
        .flat_map(|package| list(&package, "targets"));
    targets
        .filter(|target| !list(target, "kind").contains(&"test".into()))
        .map(|target| PathBuf::from(target["src_path"].as_str().expect("a path")))
        .collect()
}

fn core() -> Imports {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("chanx-core/src/lib.rs");
    Imports::of(&Crate::read(&root))
}

#[test]
fn core_imports_from_the_floors_below() {
    let imports = core();

    assert_eq!(imports.upward(), [""; 0]);
}

#[test]
fn core_imports_from_the_module_that_owns_a_name() {
    let imports = core();

    assert_eq!(imports.through_the_root(), [""; 0]);
}

#[test]
fn no_module_imports_itself_by_way_of_others() {
    let mut circles = Vec::new();
    for root in roots() {
        let imports = Imports::of(&Crate::read(&root));
        for circle in imports.circles() {
            circles.push(format!("{}: {circle}", root.display()));
        }
    }

    assert_eq!(circles, [""; 0]);
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
