//! Processes that a broker joins: servers, a worker, and programs in other languages.

use std::{
    env,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use chanx::{Connect, Consumer, Message, channel};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::server::{Kind, Nats, Redis, Server, mortal};

/// The messages of the chat.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Chat {
    message: String,
}

#[derive(Default, Connect, Consumer)]
struct Room;

#[channel(name = "room")]
impl Room {
    #[ws_handler]
    async fn chat(&mut self, _: Chat) {}
}

/// A program, which ends with the test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // Either may fail because it has ended, which is as well.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The folder of what cargo has built: tests stand in its `deps`.
fn built(path: &str) -> PathBuf {
    let test = env::current_exe().unwrap();
    let path = test.ancestors().nth(2).unwrap().join(path);
    let hint = "build it with `cargo build --examples` and `cargo build -p chanx-example-worker`";
    assert!(path.exists(), "no {}: {hint}", path.display());
    path
}

/// A chat by way of a broker, and where it is.
fn chat(broker: &Server<impl Kind>) -> (Program, String) {
    let mut child = mortal(built("examples/chat"))
        .envs([broker.variable()])
        .env("PORT", "0")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    // The rest of its output is read, because a full pipe would stop it.
    std::thread::spawn(move || lines.count());
    let (_, at) = first.split_once("http://").unwrap();
    (Program(child), at.to_owned())
}

async fn come_in(at: &str, name: &str) -> Communicator<Room> {
    let url = format!("ws://{at}/ws/room/lobby?name={name}");
    let builder = Communicator::builder_at(&url);
    builder.timeout(Duration::from_secs(20)).connect().await
}

async fn say(client: &mut Communicator<Room>, message: &str) {
    let message = message.to_owned();
    client.send(&Chat { message }).await;
}

/// Receives until something is shown, and gives what was said before it. Who came
/// in is announced in between.
async fn shown(client: &mut Communicator<Room>, message: &str) -> Vec<Value> {
    let mut before = Vec::new();
    loop {
        let json = client.receive_json().await;
        if json["payload"]["message"] == message {
            return before;
        }
        if json["action"] != "member_joined" {
            before.push(json);
        }
    }
}

#[tokio::test]
async fn two_servers_and_a_worker_are_one_chat_by_redis_and_one_of_them_is_killed() {
    two_servers_and_a_worker::<Redis>().await;
}

#[tokio::test]
async fn two_servers_and_a_worker_are_one_chat_by_nats_and_one_of_them_is_killed() {
    two_servers_and_a_worker::<Nats>().await;
}

async fn two_servers_and_a_worker<K: Kind>() {
    let broker = Server::<K>::start().await;
    let (one, two) = (chat(&broker), chat(&broker));
    let mut ann = come_in(&one.1, "Ann").await;
    let mut ben = come_in(&two.1, "Ben").await;
    shown_member(&mut ann, "Ben").await;

    say(&mut ann, "Hello Ben").await;
    assert_eq!(shown(&mut ben, "Hello Ben").await, [] as [Value; 0]);

    let worker = Command::new(built("chanx-example-worker"))
        .envs([broker.variable()])
        .args(["lobby", "The room closes at six."])
        .output()
        .unwrap();
    assert!(worker.status.success(), "{worker:?}");
    let told = String::from_utf8(worker.stdout).unwrap();
    match K::COUNTS_NODES {
        true => assert_eq!(told, "processes that have got it: 2\n"),
        false => assert_eq!(told, "the broker has got it\n"),
    }
    shown(&mut ann, "The room closes at six.").await;
    shown(&mut ben, "The room closes at six.").await;

    drop(two);
    say(&mut ann, "Ben?").await;
    assert_eq!(shown(&mut ann, "Ben?").await, [] as [Value; 0]);
    let three = chat(&broker);
    let mut ben = come_in(&three.1, "Ben").await;
    shown_member(&mut ann, "Ben").await;
    say(&mut ben, "Back again").await;
    shown(&mut ann, "Back again").await;
}

async fn shown_member(client: &mut Communicator<Room>, name: &str) {
    let json = client.receive_json().await;
    assert_eq!(json["action"], "member_joined", "{json}");
    assert_eq!(json["payload"]["name"], name);
}
