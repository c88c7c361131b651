//! The client's code, as Node runs it.

use crate::{
    desk, kitchen_sink,
    process::{Process, build_folder},
    tools::{Folder, get},
};

/// Runs a file of tests, with the clients of the kitchen sink and of the desk beside it.
#[track_caller]
fn run(file: &str) {
    let folder = Folder::new(file);
    folder.copy(file);
    folder.copy("fake.ts");
    let client = kitchen_sink::channels().typescript_client();
    folder.write("client.ts", &client.typescript());
    let client = desk::channels().typescript_client();
    folder.write("desk.ts", &client.typescript());
    folder.check(&[file], &["node"]);
    let book = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/src/wire-protocol.md");
    folder.test(file, &[("CHANX_BOOK", book)]);
}

#[test]
fn connections() {
    run("connection.test.ts");
}

#[test]
fn messages() {
    run("messages.test.ts");
}

#[test]
fn streams() {
    run("streams.test.ts");
}

#[test]
fn topics() {
    run("topics.test.ts");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn against_servers() {
    let folder = Folder::new("live");
    folder.copy("live.test.ts");
    let example = Process::example("showcase", 0);
    folder.write(
        "showcase.ts",
        &get(&example.url("/asyncapi/client.ts")).await,
    );
    drop(example);
    let client = desk::channels().typescript_client();
    folder.write("desk.ts", &client.typescript());
    folder.check(&["live.test.ts"], &["node"]);

    let desk = desk::serve().await;
    let showcase = build_folder().join("examples/showcase");
    let environment = [
        ("CHANX_DESK", desk.as_str()),
        ("CHANX_SHOWCASE", showcase.to_str().unwrap()),
    ];
    folder.test("live.test.ts", &environment);
}
