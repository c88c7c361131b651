//! What programs publish that are no nodes, in whatever language, well or badly.

use std::{
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

use chanx::layer::Broker;
use serde_json::{Value, json};
use tracing_subscriber::{filter::LevelFilter, fmt};

use crate::{
    node::{Node, Seen, watch},
    server::{Kind, Nats, Redis, Server},
};

const ADDRESS: &str = "chanx.group.room.lobby";

/// Publishes bytes by a program of its own.
trait Foreign: Kind {
    fn publish(server: &Server<Self>, message: &[u8]);
}

impl Foreign for Redis {
    /// By `redis-cli`, which takes the last of its arguments from a file.
    fn publish(server: &Server<Self>, message: &[u8]) {
        let at = server.address();
        let mut program = Command::new("redis-cli");
        program
            .args(["-h", &at.ip().to_string(), "-p", &at.port().to_string()])
            .args(["-x", "PUBLISH", ADDRESS]);
        assert_eq!(run(program, message), b"1\n", "one node has got it");
    }
}

impl Foreign for Nats {
    /// By five lines of Python.
    fn publish(server: &Server<Self>, message: &[u8]) {
        let at = server.address();
        let lines = r#"
import socket, sys
nats = socket.create_connection((sys.argv[1], int(sys.argv[2])))
message = sys.stdin.buffer.read()
nats.sendall(b"CONNECT {}\r\nPUB chanx.group.room.lobby %d\r\n%s\r\nPING\r\n" % (len(message), message))
while b"PONG" not in nats.recv(4096): pass
"#;
        let mut program = Command::new("python3");
        program
            .args(["-c", lines, &at.ip().to_string()])
            .arg(at.port().to_string());
        run(program, message);
    }
}

/// What a program says that is given this to read.
fn run(mut program: Command, input: &[u8]) -> Vec<u8> {
    let mut child = program
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program:?}");
    output.stdout
}

/// A publication of the documented format.
fn publication(content: &Value) -> Value {
    json!({
        "chanx": 1,
        "publish": {
            "channel": "room",
            "target": {"groups": ["lobby"]},
            "content": content,
        },
    })
}

fn message(number: u64) -> Vec<u8> {
    let message = json!({"message": {"action": "line", "payload": {"number": number}}});
    publication(&message).to_string().into()
}

fn event(payload: &Value) -> Vec<u8> {
    let event = json!({"event": {"action": "ticked", "payload": payload}});
    publication(&event).to_string().into()
}

async fn messages_and_events_arrive<K: Foreign>(server: Server<K>, broker: impl Broker) {
    let node = Node::new(broker).await;
    let member = node.member().await;

    K::publish(&server, &message(4));
    K::publish(&server, &event(&json!({"number": 5})));

    assert_eq!(watch(member, 5).await, [Seen::Line(4), Seen::Line(5)]);
    assert_eq!(node.layer.health().unreadable, 0);
}

#[tokio::test]
async fn redis_cli_publishes_messages_and_events() {
    let server = Server::<Redis>::start().await;
    let broker = server.broker();
    messages_and_events_arrive(server, broker).await;
}

#[tokio::test]
async fn five_lines_of_python_publish_messages_and_events_to_nats() {
    let server = Server::<Nats>::start().await;
    let broker = server.broker();
    messages_and_events_arrive(server, broker).await;
}

#[tokio::test]
async fn python_publishes_messages_and_events_to_redis() {
    let server = Server::<Redis>::start().await;
    let node = Node::new(server.broker()).await;
    let member = node.member().await;

    let lines = r#"
import json, redis, sys
to = redis.from_url(sys.argv[1])
for content in {"message": {"action": "line", "payload": {"number": 4}}}, {"event": {"action": "ticked", "payload": {"number": 5}}}:
    publication = {"channel": "room", "target": {"groups": ["lobby"]}, "content": content}
    to.publish("chanx.group.room.lobby", json.dumps({"chanx": 1, "publish": publication}))
"#;
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/python/bin/python3");
    let mut program = Command::new(python);
    program.args(["-c", lines, &format!("redis://{}", server.address())]);
    run(program, b"");

    assert_eq!(watch(member, 5).await, [Seen::Line(4), Seen::Line(5)]);
}

/// What this thread has logged, at any level.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const SECRET: &str = "hunter2";

/// What nobody can read, each with a secret in it.
fn unreadable() -> Vec<(&'static str, Vec<u8>)> {
    // Written by hand, because serde_json could not build it.
    let levels = 100_000;
    let deep = [
        "[".repeat(levels),
        format!("\"{SECRET}\""),
        "]".repeat(levels),
    ]
    .concat();
    let shallow = String::from_utf8(event(&json!({"number": 0}))).unwrap();
    let deep = shallow.replace("\"number\":0", &format!("\"number\":{deep}"));
    let with = |json: Value| json.to_string().into_bytes();
    let mut another_version = publication(&json!({"of_tomorrow": SECRET}));
    another_version["chanx"] = json!(2);
    vec![
        ("not JSON", format!("{{\"chanx\": 1, \"{SECRET}\"").into()),
        ("not UTF-8", [SECRET.as_bytes(), b"\xff\xfe"].concat()),
        ("no version", with(json!({"publish": SECRET}))),
        ("another version", with(another_version)),
        (
            "nothing to publish",
            with(json!({"chanx": 1, "other": SECRET})),
        ),
        (
            "no channel",
            with(json!({"chanx": 1, "publish": {"target": {"groups": [SECRET]}, "content": {}}})),
        ),
        (
            "no such content",
            with(publication(&json!({"shout": SECRET}))),
        ),
        (
            "an event without an action",
            with(publication(&json!({"event": {"payload": SECRET}}))),
        ),
        (
            "an event that is not known",
            with(publication(
                &json!({"event": {"action": "boomed", "payload": SECRET}}),
            )),
        ),
        (
            "a payload of another type",
            event(&json!({"number": SECRET})),
        ),
        ("a payload that is a text", event(&json!(SECRET))),
        ("a payload without a field", event(&json!({"text": SECRET}))),
        ("a payload that is null", event(&Value::Null)),
        (
            "a huge payload",
            event(&json!({"number": SECRET.repeat(100_000)})),
        ),
        ("a deep payload", deep.into()),
    ]
}

/// Each is counted, and logged without its contents; what comes behind it arrives.
async fn harms_nobody<K: Foreign>(server: Server<K>, broker: impl Broker) {
    let log = Log::default();
    let lines = log.clone();
    let subscriber = fmt()
        .with_max_level(LevelFilter::DEBUG)
        .with_writer(move || lines.clone())
        .with_ansi(false)
        .finish();
    let _listening = tracing::subscriber::set_default(subscriber);
    let node = Node::new(broker).await;
    let mut member = node.member().await;

    for (number, (what, bytes)) in (1..).zip(unreadable()) {
        K::publish(&server, &bytes);
        K::publish(&server, &message(number));
        let received = member.receive_json().await;
        assert_eq!(received["payload"]["number"], number, "{what}: {received}");
        assert_eq!(node.layer.health().unreadable, number, "{what} is counted");
    }

    let log = log.0.lock().unwrap();
    let log = std::str::from_utf8(&log).unwrap();
    assert!(!log.contains(SECRET), "{log}");
    let warnings = log.lines().filter(|line| line.contains("WARN"));
    assert_eq!(warnings.count(), 1, "{log}");
    assert!(log.lines().all(|line| line.len() < 1000), "{log}");
}

#[tokio::test]
async fn what_nobody_can_read_harms_nobody_at_redis() {
    let server = Server::<Redis>::start().await;
    let broker = server.broker();
    harms_nobody(server, broker).await;
}

#[tokio::test]
async fn what_nobody_can_read_harms_nobody_at_nats() {
    let server = Server::<Nats>::start().await;
    let broker = server.broker();
    harms_nobody(server, broker).await;
}
