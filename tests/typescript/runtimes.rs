//! The same program in each of the platforms that the client is for.

use std::{path::Path, process::Stdio, time::Duration};

use tokio::{process::Command, time::timeout};

use crate::{
    desk,
    process::Process,
    tools::{Folder, get, tool},
};

/// How long the program may take, with what ends it by itself.
const LIMIT: Duration = Duration::from_secs(60);

/// Runs the program, which has to end because nothing is left to do.
async fn runs(name: &str, program: &Path, arguments: &[&str]) {
    let folder = Folder::new(name);
    folder.copy("everywhere.ts");
    let example = Process::example("showcase", 0);
    let client = get(&example.url("/asyncapi/client.ts")).await;
    folder.write("showcase.ts", &client);
    let client = desk::channels().typescript_client();
    folder.write("desk.ts", &client.typescript());
    folder.check(&["everywhere.ts"], &["node"]);
    let desk = desk::serve().await;

    let program = Command::new(program)
        .args(arguments)
        .args(["everywhere.ts", &desk, &example.url("")])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();

    let output = timeout(LIMIT, program).await;
    let output = output.expect("nothing keeps it from ending").unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{errors}");
    assert!(told.contains("all is well"), "{told}\n{errors}");
    assert!(errors.contains("nobody catches this"), "{errors}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn node() {
    let node = tool("node");
    runs(
        "everywhere-node",
        &node,
        &["--disable-warning=ExperimentalWarning"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deno() {
    runs(
        "everywhere-deno",
        &tool("deno"),
        &["run", "--no-config", "--allow-net"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bun() {
    runs("everywhere-bun", &tool("bun"), &["run"]).await;
}
