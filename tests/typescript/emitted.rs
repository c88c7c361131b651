//! The JavaScript, which is what the compiler makes of the TypeScript.

use std::{env, fs, io::Write, path::Path};

use chanx::{describe::Protocol, typescript::Client};
use flate2::{Compression, write::GzEncoder};
use serde_json::json;

use crate::{kitchen_sink, tools::Folder};

/// Stands above what is the same for all channels.
const RULE: &str = "// What connects, the same for all channels.\n";

/// The file that lies in the crate; it is written where `UPDATE_TYPESCRIPT` is set.
fn compare(name: &str, made: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("chanx-typescript/assets");
    if env::var_os("UPDATE_TYPESCRIPT").is_some() {
        fs::write(folder.join(name), made).unwrap();
    }
    let kept = fs::read_to_string(folder.join(name)).unwrap();
    assert!(
        kept == made,
        "{name} is not what tsc makes of assets/runtime; to write it, run the test with UPDATE_TYPESCRIPT=1"
    );
}

#[test]
fn what_lies_in_the_crate_is_what_the_compiler_makes() {
    let folder = Folder::new("emitted-runtime");
    let client = Client::of(&Protocol::default()).typescript();
    let (_, runtime) = client.split_once(RULE).unwrap();
    folder.write("runtime.ts", runtime.trim_start());

    folder.compile(
        &["runtime.ts"],
        json!({ "outDir": "code", "removeComments": true, "allowImportingTsExtensions": false }),
    );
    folder.compile(
        &["runtime.ts"],
        json!({ "outDir": "types", "declaration": true, "allowImportingTsExtensions": false }),
    );

    compare("runtime.js", &folder.read("code/runtime.js"));
    compare("runtime.d.ts", &folder.read("types/runtime.d.ts"));
}

#[test]
fn a_client_in_javascript_is_what_the_compiler_makes_of_the_one_in_typescript() {
    let folder = Folder::new("emitted-client");
    let client = kitchen_sink::channels().typescript_client();
    folder.write("client.ts", &client.typescript());

    folder.compile(
        &["client.ts"],
        json!({ "outDir": "code", "removeComments": true, "allowImportingTsExtensions": false }),
    );

    let code = client.javascript();
    let code = code.split_once("\n\n").unwrap().1;
    assert!(folder.read("code/client.js") == code, "they differ");
}

/// The files that a page loads; it loads no types.
#[test]
fn a_client_is_small() {
    let code = Client::of(&Protocol::default()).javascript();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(code.as_bytes()).unwrap();

    let size = encoder.finish().unwrap().len();

    assert!(size < 8 * 1024, "{size} bytes");
}
