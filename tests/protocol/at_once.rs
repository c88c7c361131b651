//! A handler that answers as it is called, one that answers when it is first polled, and one
//! that waits: nobody can tell, neither by what a client sees nor by what is logged.

use std::{
    future::ready,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::Router;
use chanx::{
    Broadcaster, Channel, ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Context,
    Event, HandlerError, Message, RateLimit, Streamed, channel,
};
use chanx_testing::{Communicator, Frame};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{
    task::yield_now,
    time::{Instant, sleep, timeout},
};
use tracing::info;

use crate::logs::Log;

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Say {
    text: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Said {
    text: String,
}

/// Asks for so many numbers, one behind the other.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Count {
    to: u32,
}

/// Asks for a stream of so many.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Tell {
    to: u32,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Number {
    n: u32,
}

/// Asks for a number that JSON may not have a word for.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Divide {
    by: f64,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Quotient {
    value: f64,
}

/// Asks for a failure, which the client is told or is not.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Fail {
    told: bool,
}

/// Asks for a panic.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Crash {
    nothing: Option<u32>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Leave;

#[derive(Debug, Clone, Serialize, Deserialize, Event)]
struct Rung {
    how: String,
}

fn note(text: &str) {
    info!(text, "noted");
}

/// A consumer that can be told of an event, or the hub of one.
trait Desk: Channel + Connect<Handshake = ()> {
    async fn ring(layer: &ChannelLayer, rung: Rung);
}

/// A consumer, each of whose handlers begins with what is given.
macro_rules! consumer {
    ($name:ident, [$($begins:tt)*]) => {
        #[derive(Debug, Default, Connect, Consumer)]
        struct $name;

        #[channel(name = "desk", groups = ["all"])]
        impl $name {
            #[ws_handler]
            async fn say(&mut self, say: Say) -> Option<Said> {
                $($begins)*
                note(&say.text);
                (say.text != "nothing").then_some(Said { text: say.text })
            }

            #[ws_handler]
            async fn count(&mut self, count: Count) -> Vec<Number> {
                $($begins)*
                (0..count.to).map(|n| Number { n }).collect()
            }

            #[ws_handler]
            async fn tell(&mut self, tell: Tell) -> Streamed<Number> {
                $($begins)*
                Streamed::new(futures_util::stream::iter((0..tell.to).map(|n| Number { n })))
            }

            #[ws_handler]
            async fn divide(&mut self, divide: Divide) -> Quotient {
                $($begins)*
                Quotient { value: 1.0 / divide.by }
            }

            #[ws_handler]
            async fn fail(&mut self, fail: Fail) -> Result<(), HandlerError> {
                $($begins)*
                Err(match fail.told {
                    true => HandlerError::client("as asked for").with_reason("asked"),
                    false => HandlerError::internal("a secret"),
                })
            }

            #[ws_handler]
            async fn crash(&mut self, crash: Crash) -> Number {
                $($begins)*
                Number { n: crash.nothing.expect("something") }
            }

            #[ws_handler]
            async fn leave(&mut self, _: Leave, ctx: &mut Context<Self>) -> Said {
                $($begins)*
                ctx.close(4000, "as asked for");
                Said { text: "too late".to_owned() }
            }

            #[event_handler]
            async fn rung(&mut self, rung: Rung) -> Result<Number, HandlerError> {
                $($begins)*
                note(&rung.how);
                match &*rung.how {
                    "well" => Ok(Number { n: 1 }),
                    "crash" => Ok(Number { n: None.expect("something") }),
                    how => Ok(Number { n: how.parse().map_err(HandlerError::internal)? }),
                }
            }
        }

        impl Desk for $name {
            async fn ring(layer: &ChannelLayer, rung: Rung) {
                let desks = Broadcaster::<Self>::new(layer);
                desks.event(rung).to("all").await.expect("it reaches this process");
            }
        }
    };
}

consumer!(AtOnce, []);
consumer!(Waiting, [ready(()).await;]);
consumer!(Pausing, [yield_now().await;]);

/// A hub with such a consumer as its topic.
macro_rules! hub {
    ($name:ident, $desk:ident) => {
        #[derive(Debug, Default, Connect, Consumer)]
        struct $name;

        #[channel(name = "hub")]
        impl $name {
            #[topic("desk")]
            async fn desk(&mut self) -> $desk {
                $desk
            }
        }

        impl Desk for $name {
            async fn ring(layer: &ChannelLayer, rung: Rung) {
                $desk::ring(layer, rung).await;
            }
        }
    };
}

hub!(HubAtOnce, AtOnce);
hub!(HubWaiting, Waiting);

/// The frames that a client gets until nothing comes, and whether the last one was a close.
async fn heard<C: Channel>(client: &mut Communicator<C>, all: &mut Vec<String>) -> bool {
    let pause = Duration::from_millis(100);
    while let Ok(frame) = timeout(pause, client.receive_frame()).await {
        let is_close = matches!(frame, Frame::Close(_));
        all.push(format!("{frame:?}"));
        if is_close {
            return true;
        }
    }
    false
}

/// All that is seen of a connection.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    frames: Vec<String>,
    /// What is logged of messages and events, and in which spans.
    lines: Vec<String>,
    counted: [u64; 4],
}

/// What is seen where a client sends these frames, and hears the answers before it sends
/// the next if it is `patient`.
async fn seen<C: Desk>(frames: &[Value], is_patient: bool, options: &ChannelOptions) -> Seen {
    let log = Log::default();
    let _listening = log.listen();
    let mut seen = unlogged::<C>(frames, is_patient, options).await;
    // What stands before the span names the connection and the time.
    let lines = log.lines("}:");
    let lines = lines.iter().filter_map(|line| line.split_once("}:"));
    seen.lines = lines.map(|(_, line)| line.to_owned()).collect();
    seen
}

/// The same, where nothing is logged.
async fn unlogged<C: Desk>(frames: &[Value], is_patient: bool, options: &ChannelOptions) -> Seen {
    let layer = ChannelLayer::new();
    let channels = Channels::new(layer.clone()).options(options.clone());
    let channels: Channels = channels.route::<C>("/");
    let control = channels.control();
    let mut client = Communicator::<C>::connect(&Router::from(channels), "/").await;
    let mut all = Vec::new();
    let mut is_closed = false;
    for frame in frames {
        match frame["event"].as_str() {
            Some(how) => {
                C::ring(
                    &layer,
                    Rung {
                        how: how.to_owned(),
                    },
                )
                .await
            }
            None if frame.is_null() => client.send_binary("bytes").await,
            None if frame.is_string() => client.send_text(frame.as_str().expect("text")).await,
            None => client.send_text(frame.to_string()).await,
        }
        if is_patient {
            is_closed = heard(&mut client, &mut all).await;
        }
    }
    if !is_closed {
        heard(&mut client, &mut all).await;
    }
    let stats = &control.stats().channels[0].1;
    Seen {
        frames: all,
        lines: Vec::new(),
        counted: [
            stats.frames_in,
            stats.frames_out,
            stats.messages_unsendable,
            stats.messages_unhandled,
        ],
    }
}

/// One frame for everything that can become of a handler.
fn frames(last: &str) -> Vec<Value> {
    let asked = |action, payload| json!({"action": action, "payload": payload});
    let marked = |action, payload, reference| json!({"action": action, "payload": payload, "ref": reference});
    let mut frames = vec![
        asked("say", json!({"text": "hello"})),
        marked("say", json!({"text": "hello"}), "1"),
        asked("say", json!({"text": "nothing"})),
        asked("say", json!({"text": 1})),
        asked("sing", json!({"text": "hello"})),
        json!({"event": "well"}),
        json!({"event": "badly"}),
        asked("count", json!({"to": 3})),
        marked("count", json!({"to": 2}), "2"),
        asked("tell", json!({"to": 2})),
        marked("tell", json!({"to": 2}), "3"),
        asked("divide", json!({"by": 4.0})),
        marked("divide", json!({"by": 0.0}), "4"),
        asked("divide", json!({"by": 0.0})),
        asked("fail", json!({"told": true})),
        marked("fail", json!({"told": false}), "5"),
        json!({"action": "say", "topic": "a", "payload": {"text": "hello"}}),
        asked("say", json!({"text": "again"})),
    ];
    frames.push(match last {
        "crash" => marked("crash", json!({"nothing": null}), "6"),
        "event" => json!({"event": "crash"}),
        _ => asked(last, Value::Null),
    });
    frames
}

async fn assert_same<A: Desk, W: Desk>(frames: &[Value], options: &ChannelOptions) -> Seen {
    // Answers and the pieces of streams have no order between each other.
    let (mut at_once, mut waiting) = (
        seen::<A>(frames, false, options).await,
        seen::<W>(frames, false, options).await,
    );
    for seen in [&mut at_once, &mut waiting] {
        seen.frames.sort();
    }
    assert_eq!(at_once, waiting);

    let at_once = seen::<A>(frames, true, options).await;
    assert_eq!(at_once, seen::<W>(frames, true, options).await);
    at_once
}

/// As [`assert_same`], also of a consumer whose handlers wait for something that has not
/// happened yet. While they do, more of a stream is sent, so that a client which hears no
/// answer before it sends the next message may see more of it.
async fn assert_all_same(frames: &[Value], options: &ChannelOptions) -> Seen {
    let at_once = assert_same::<AtOnce, Waiting>(frames, options).await;
    assert_eq!(at_once, seen::<Pausing>(frames, true, options).await);
    at_once
}

#[tokio::test(start_paused = true)]
async fn whatever_becomes_of_a_handler_a_client_sees_the_same() {
    let options = ChannelOptions::default();
    let seen = assert_all_same(&frames("leave"), &options).await;

    assert_eq!(seen.counted[2], 2);
    let is_in_span = |line: &&String| line.contains("noted") && line.contains("{action=say");
    assert_eq!(seen.lines.iter().filter(is_in_span).count(), 4, "{seen:#?}");
    assert!(
        seen.frames
            .last()
            .is_some_and(|frame| frame.contains("4000"))
    );
}

#[tokio::test(start_paused = true)]
async fn what_only_looks_like_a_plain_message_is_answered_the_same() {
    let frames: Vec<Value> = [
        r#"{"action":"say","payload":{"text":"plain"}}"#,
        r#"{"action":"say","payload":{"text":"hello"}}}"#,
        r#"{"action":"say","payload":{"text":"hello"},"more":{}}"#,
        r#"{"action":"say","payload":{"text":"hello"},"payload":{"text":"again"}}"#,
        r#"{"action":"say","payload":{"text":"hello"},"action":"count","payload":{"to":1}}"#,
        r#"{"action":"say","payload":{"text":"hello"},"topic":"a","more":[]}"#,
        r#"{"action":"say","payload":{"text":"\ud800"}}"#,
        r#"{"action":"sa\u0079","payload":{"text":"hello"}}"#,
        r#"{"action":"crash","payload":{"nothing":null},"ref":7,"more":{}}"#,
        r#"{"action":"unsubscribe","payload":null}"#,
        r#"{"action":"complete","payload":null}"#,
        r#"{"action":"","payload":[]}"#,
        r#"{"action":"leave","payload":null}"#,
    ]
    .map(Value::from)
    .into();
    for options in [false, true].map(|it| ChannelOptions::default().completion_frames(it)) {
        let logged = assert_all_same(&frames, &options).await;

        let unlogged = unlogged::<AtOnce>(&frames, true, &options).await;
        assert_eq!(unlogged.frames, logged.frames);
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_panics_is_told_and_ends_the_connection() {
    for last in ["crash", "event"] {
        let seen = assert_all_same(&frames(last), &ChannelOptions::default()).await;

        assert!(
            seen.frames
                .last()
                .is_some_and(|frame| frame.contains("1011"))
        );
        let panicked = |line: &&String| line.contains("panicked");
        assert_eq!(seen.lines.iter().filter(panicked).count(), 1, "{seen:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_topics_handlers_do_the_same() {
    let options = ChannelOptions::default().completion_frames(true);
    for last in ["leave", "crash", "event"] {
        let frames = on_topic(frames(last));

        let seen = assert_same::<HubAtOnce, HubWaiting>(&frames, &options).await;

        let said = |frame: &&String| frame.contains("said") && frame.contains("desk");
        assert_eq!(seen.frames.iter().filter(said).count(), 4, "{seen:#?}");
        let ended = |frame: &&String| frame.contains("unsubscribed");
        assert_eq!(seen.frames.iter().filter(ended).count(), 1, "{seen:#?}");
    }
}

/// These frames, for the topic that they name none of, behind one that subscribes.
fn on_topic(mut frames: Vec<Value>) -> Vec<Value> {
    for frame in &mut frames {
        if frame.get("action").is_some() {
            frame["topic"] = json!("desk");
        }
    }
    frames.insert(
        0,
        json!({"action": "subscribe", "topic": "desk", "ref": "s"}),
    );
    frames
}

fn asked(action: &str, payload: Value, reference: &str) -> Value {
    json!({"action": action, "payload": payload, "ref": reference})
}

/// The `ref` of each answer that has one, and its action, in the order in which they came.
fn answers(seen: &Seen) -> Vec<(String, String)> {
    let of_mark = |frame: &str, mark: &str| {
        let (_, rest) = frame.split_once(&format!("\\\"{mark}\\\":\\\""))?;
        Some(rest.split_once('\\')?.0.to_owned())
    };
    let both = |frame: &String| Some((of_mark(frame, "ref")?, of_mark(frame, "action")?));
    let answers = seen.frames.iter().filter_map(both);
    answers.filter(|(_, action)| action != "complete").collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = expected
        .iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
    owned.collect()
}

#[tokio::test(start_paused = true)]
async fn on_a_topic_a_rate_is_kept_to() {
    let say = |n: u32| asked("say", json!({"text": "hello"}), &n.to_string());
    let frames = on_topic((0..6).map(say).collect());
    let options = ChannelOptions::default().rate_limit(RateLimit::per_second(1).burst(3));
    assert_same::<HubAtOnce, HubWaiting>(&frames, &options).await;

    let limited = seen::<HubAtOnce>(&frames, false, &options).await;
    let [said, error] = ["said", "error"];
    let expected = [
        ("s", "subscribed"),
        ("0", said),
        ("1", said),
        ("2", error),
        ("3", error),
        ("4", error),
        ("5", error),
    ];
    assert_eq!(answers(&limited), pairs(&expected), "{limited:#?}");
}

#[tokio::test(start_paused = true)]
async fn on_a_topic_the_answers_keep_their_order_where_they_wait_for_room() {
    let say = |n: u32| match n % 4 {
        3 => asked("fail", json!({"told": true}), &n.to_string()),
        _ => asked("say", json!({"text": "hello"}), &n.to_string()),
    };
    let frames = on_topic((0..300).map(say).collect());
    for outbox_frames in [1, 2, 5] {
        let options = ChannelOptions::default().outbox_frames(outbox_frames);
        let seen = seen::<HubAtOnce>(&frames, false, &options).await;

        let references = answers(&seen).into_iter().map(|(reference, _)| reference);
        let expected = (0..300).map(|n| n.to_string());
        assert!(references.eq(["s".to_owned()].into_iter().chain(expected)));
        assert_eq!(seen.counted[3], 0);
    }
}

#[tokio::test(start_paused = true)]
async fn on_a_topic_what_stands_behind_the_end_is_not_for_its_consumer() {
    let hello = json!({"text": "hello"});
    let frames = on_topic(vec![
        asked("say", hello.clone(), "1"),
        asked("unsubscribe", Value::Null, "2"),
        asked("say", hello.clone(), "3"),
        asked("subscribe", Value::Null, "4"),
        asked("say", hello.clone(), "5"),
        // Its answer would come behind the end, and is an error in its place.
        asked("leave", Value::Null, "6"),
        asked("say", hello, "7"),
    ]);
    let options = ChannelOptions::default();
    let seen = assert_same::<HubAtOnce, HubWaiting>(&frames, &options).await;

    let expected = [
        ("s", "subscribed"),
        ("1", "said"),
        ("2", "unsubscribed"),
        ("3", "error"),
        ("4", "subscribed"),
        ("5", "said"),
        ("6", "error"),
        ("7", "error"),
    ];
    assert_eq!(answers(&seen), pairs(&expected), "{seen:#?}");
}

#[tokio::test(start_paused = true)]
async fn on_a_topic_a_ref_is_taken_as_long_as_its_stream_is_under_way() {
    let frames = on_topic(vec![
        asked("tell", json!({"to": 2}), "1"),
        asked("say", json!({"text": "hello"}), "1"),
        asked("complete", Value::Null, "1"),
        asked("say", json!({"text": "hello"}), "2"),
    ]);
    for options in [false, true].map(|it| ChannelOptions::default().completion_frames(it)) {
        assert_same::<HubAtOnce, HubWaiting>(&frames, &options).await;

        let seen = seen::<HubAtOnce>(&frames, false, &options).await;
        let taken = |frame: &&String| frame.contains("ref_in_use");
        assert_eq!(seen.frames.iter().filter(taken).count(), 1, "{seen:#?}");
        let said = |frame: &&String| frame.contains("said");
        assert_eq!(seen.frames.iter().filter(said).count(), 1, "{seen:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn on_a_topic_an_event_comes_between_messages_and_answers_none() {
    let layer = ChannelLayer::new();
    let channels: Channels = Channels::new(layer.clone()).route::<HubAtOnce>("/");
    let mut client = Communicator::<HubAtOnce>::connect(&Router::from(channels), "/").await;
    let subscribe = json!({"action": "subscribe", "topic": "desk"});
    client.send_json(subscribe).await;
    assert_eq!(client.receive_any().await.action(), "subscribed");

    for n in 0..100 {
        let mut say = asked("say", json!({"text": "hello"}), &n.to_string());
        say["topic"] = json!("desk");
        client.send_json(say).await;
    }
    let how = "well".to_owned();
    HubAtOnce::ring(&layer, Rung { how }).await;

    let mut frames = Vec::new();
    for _ in 0..101 {
        frames.push(client.receive_json().await);
    }
    let number = frames.iter().position(|frame| frame["action"] == "number");
    let number = number.expect("the event is answered");
    assert!(number < 10, "{frames:#?}");
    // It answers the event, and not the message before it.
    assert_eq!(frames[number].get("ref"), None);
}

#[tokio::test(start_paused = true)]
async fn completion_frames_say_so_of_each() {
    let options = ChannelOptions::default().completion_frames(true);
    let seen = assert_all_same(&frames("leave"), &options).await;

    let completed = |frame: &&String| frame.contains("complete");
    assert_eq!(
        seen.frames.iter().filter(completed).count(),
        frames("").len() - 1
    );
}

#[tokio::test(start_paused = true)]
async fn a_rate_is_kept_to() {
    let say = |n: u32| json!({"action": "say", "payload": {"text": n.to_string()}});
    // The last one that is within the rate is of bytes.
    let frames: Vec<_> = [say(0), say(1), Value::Null]
        .into_iter()
        .chain((3..9).map(say))
        .collect();
    let options = ChannelOptions::default().rate_limit(RateLimit::per_second(1).burst(3));
    assert_all_same(&frames, &options).await;

    let limited = seen::<AtOnce>(&frames, false, &options).await;
    let refused = |frame: &&String| frame.contains("rate_limited");
    assert_eq!(
        limited.frames.iter().filter(refused).count(),
        6,
        "{limited:#?}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_action_that_is_not_logged_is_not() {
    let options = ChannelOptions::default().unlogged_actions(["say"]);
    let seen = assert_all_same(&frames("leave"), &options).await;

    let received = |line: &&String| line.contains("say") && line.contains("received");
    assert_eq!(seen.lines.iter().filter(received).count(), 0, "{seen:#?}");
}

/// Asks for an answer in a second.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Nap;

#[derive(Debug, Default, Connect, Consumer)]
struct Sleeper;

/// Waits, and does not say so where it is called.
macro_rules! nap {
    () => {
        sleep(Duration::from_secs(1)).await
    };
}

/// Asks how many of the tasks that the handler spawns have run once it has given way.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct GiveWay {
    to: u32,
}

#[channel(name = "sleeper")]
impl Sleeper {
    #[ws_handler]
    async fn nap(&mut self, _: Nap) -> Number {
        nap!();
        Number { n: 1 }
    }

    #[ws_handler]
    async fn give_way(&mut self, give_way: GiveWay) -> Number {
        let others = Arc::new(AtomicU32::new(0));
        for _ in 0..give_way.to {
            let others = others.clone();
            tokio::spawn(async move { others.fetch_add(1, Ordering::Relaxed) });
        }
        yield_now().await;
        Number {
            n: others.load(Ordering::Relaxed),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_waits_for_what_a_macro_hides() {
    let channels: Channels = Channels::new(ChannelLayer::new()).route::<Sleeper>("/");
    let mut client = Communicator::<Sleeper>::connect(&Router::from(channels), "/").await;
    let began = Instant::now();

    client.request::<Number>(&Nap).await;

    assert!(began.elapsed() >= Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_gives_way_runs_on_once_others_have_had_their_turn() {
    let channels: Channels = Channels::new(ChannelLayer::new()).route::<Sleeper>("/");
    let mut client = Communicator::<Sleeper>::connect(&Router::from(channels), "/").await;

    for frame in [
        json!({"action": "give_way", "payload": {"to": 3}}),
        json!({"action": "give_way", "payload": {"to": 3}, "ref": "1"}),
    ] {
        client.send_json(frame).await;

        assert_eq!(client.receive_json().await["payload"], json!({"n": 3}));
    }
}
