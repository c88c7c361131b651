//! Every crate can be published the day its owner wants it.
//!
//! A step of `scripts/test` builds each from its own files alone.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as the test may"
)]

use std::{path::Path, process::Command};

use serde_json::{Value, json};

/// The crates of the workspace that are published, as cargo tells them.
fn published() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    let published = packages.filter(|package| package["publish"] != json!([]));
    published.cloned().collect()
}

fn is_filled(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty(),
        Value::Array(words) => (1..=5).contains(&words.len()),
        _ => false,
    }
}

#[test]
fn every_crate_says_what_it_is() {
    let published = published();
    assert!(published.len() >= 6, "{published:?}");

    for package in published {
        let name = &package["name"];
        for key in [
            "description",
            "license",
            "repository",
            "readme",
            "keywords",
            "categories",
            "rust_version",
        ] {
            assert!(is_filled(&package[key]), "{name} lacks {key}");
        }
        let docs = &package["metadata"]["docs"]["rs"];
        assert_eq!(docs["all-features"], json!(true), "docs.rs of {name}");
        let manifest = Path::new(package["manifest_path"].as_str().unwrap());
        for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
            let path = manifest.with_file_name(file);
            assert!(path.exists(), "{name} lacks {file}");
        }
    }
}

#[test]
fn crates_depend_on_each_other_in_exactly_their_version() {
    for package in published() {
        let name = &package["name"];
        for dependency in package["dependencies"].as_array().unwrap() {
            let ours = dependency.get("path").is_some();
            // Without a version, a path is left out of what is published.
            let for_tests = dependency["kind"] == json!("dev") && dependency["req"] == json!("*");
            if ours && !for_tests {
                let version = package["version"].as_str().unwrap();
                assert_eq!(
                    dependency["req"],
                    json!(format!("={version}")),
                    "{name} on {}",
                    dependency["name"],
                );
            }
        }
    }
}

#[test]
fn a_process_that_only_publishes_is_built_without_http() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--prefix", "none", "--edges", "normal"])
        .args(["--package", "chanx-example-worker"])
        .output()
        .unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();

    for broker in ["chanx-nats v", "chanx-redis v"] {
        assert!(tree.contains(broker), "{tree}");
    }
    for server in ["axum v", "chanx-axum v", "hyper v", "chanx-websocket v"] {
        assert!(!tree.contains(server), "{server} in {tree}");
    }
}
