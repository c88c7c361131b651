//! Clients, and code that uses them, as a compiler sees them.

use chanx::typescript::Client;

use crate::{
    annex, desk, kitchen_sink,
    process::Process,
    tools::{Folder, get},
    zoo,
};

fn write(folder: &Folder, client: &Client) {
    folder.write("client.ts", &client.typescript());
}

#[test]
fn code_that_uses_a_client_is_checked() {
    let folder = Folder::new("types");
    folder.copy("types.test.ts");
    write(&folder, &kitchen_sink::channels().typescript_client());
    folder.write(
        "desk.ts",
        &desk::channels().typescript_client().typescript(),
    );

    folder.check(&["types.test.ts"], &["node"]);
}

/// The same code, with the JavaScript and what declares it.
#[test]
fn code_that_uses_a_client_in_javascript_is_checked_as_much() {
    let folder = Folder::new("types-of-javascript");
    let client = kitchen_sink::channels().typescript_client();
    folder.write("client.js", &client.javascript());
    folder.write("client.d.ts", &client.declarations());
    let client = desk::channels().typescript_client();
    folder.write("desk.js", &client.javascript());
    folder.write("desk.d.ts", &client.declarations());
    folder.copy("types.test.ts");
    let code = folder
        .read("types.test.ts")
        .replace("./client.ts", "./client.js")
        .replace("./desk.ts", "./desk.js");
    folder.write("types.test.ts", &code);

    folder.check(&["types.test.ts", "client.d.ts"], &["node"]);
}

/// Neither the platform's types nor those of a page are needed.
#[test]
fn a_client_needs_nothing_but_the_language() {
    for (name, client) in [
        ("kitchen-sink", kitchen_sink::channels().typescript_client()),
        ("zoo", zoo::channels().typescript_client()),
        ("annex", annex::channels().typescript_client()),
        ("nothing", Client::of(&chanx::describe::Protocol::default())),
    ] {
        let folder = Folder::new(&format!("alone-{name}"));
        write(&folder, &client);
        folder.check(&["client.ts"], &[]);
        folder.compile(
            &["client.ts"],
            serde_json::json!({ "noEmit": true, "lib": ["ES2022", "DOM"] }),
        );
    }
}

/// Names that mean something to JavaScript, and letters that are not ASCII's.
#[test]
fn code_that_uses_strange_names_is_checked() {
    let folder = Folder::new("names");
    folder.copy("names.test.ts");
    folder.copy("fake.ts");
    write(&folder, &annex::channels().typescript_client());

    folder.check(&["names.test.ts"], &["node"]);
    folder.test("names.test.ts", &[]);
}

#[tokio::test]
async fn the_clients_of_the_examples_compile() {
    for name in ["chat", "showcase"] {
        let folder = Folder::new(&format!("example-{name}"));
        let example = Process::example(name, 0);
        for file in ["client.ts", "client.js", "client.d.ts"] {
            folder.write(file, &get(&example.url(&format!("/asyncapi/{file}"))).await);
        }

        folder.check(&["client.ts"], &[]);
        folder.check(&["client.d.ts"], &[]);
    }
}

#[test]
fn the_same_channels_give_the_same_client() {
    let client = || kitchen_sink::channels().typescript_client().typescript();

    assert_eq!(client(), client());
}
