//! The documents that are written for tools of others to check.
//!
//! `scripts/asyncapi-check` reads them from `asyncapi/` in the target folder.

use std::{fs, path::Path};

use chanx::asyncapi::Document;

use crate::{hostile, kitchen_sink, recursive, topics};

fn write(name: &str, document: &Document) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("asyncapi");
    let file = folder.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, document.to_json()).unwrap();
    fs::write(file.with_extension("yaml"), document.to_yaml()).unwrap();
}

#[test]
fn the_kitchen_sink() {
    let document = kitchen_sink::channels().asyncapi_document();
    write("kitchen_sink.json", &document);
}

#[test]
fn topics_without_a_handler_beside_them() {
    write("topics.json", &topics::channels().asyncapi_document());
}

/// The Python client generator reads neither of these: no type may contain
/// itself there, and some texts break out of its strings.
#[test]
fn what_not_every_generator_reads() {
    write(
        "no-py/recursive.json",
        &recursive::channels().asyncapi_document(),
    );
    write(
        "no-py/hostile.json",
        &hostile::channels().asyncapi_document(),
    );
}
