//! A text that its type cannot parse: the error that the client reads, and the line in the log.

use axum::Router;
use chanx::{ChannelLayer, Channels, Connect, Consumer, Message, channel};
use chanx_testing::Communicator;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::logs::Log;

/// A meeting that somebody plans.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Plan {
    room: Uuid,
    #[serde(flatten)]
    times: Times,
    #[serde(default)]
    color: Color,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Times {
    at: DateTime<Utc>,
    #[serde(default)]
    local: Option<NaiveDateTime>,
    #[serde(default)]
    days: Vec<NaiveDate>,
    #[serde(default)]
    alarm: Option<NaiveTime>,
}

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
struct Color(String);

impl TryFrom<String> for Color {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.strip_prefix('#') {
            Some(_) => Ok(Self(text)),
            None => Err("a color\nbegins with #"),
        }
    }
}

#[derive(Debug, Default, Connect, Consumer)]
struct Planner;

#[channel(name = "planner")]
impl Planner {
    #[ws_handler]
    async fn plan(&mut self, plan: Plan) -> Plan {
        plan
    }
}

async fn client() -> Communicator<Planner> {
    let channels: Channels = Channels::new(ChannelLayer::new()).route::<Planner>("/");
    Communicator::connect(&Router::from(channels), "/").await
}

fn plan(key: &str, value: Value) -> Value {
    let mut payload = json!({
        "room": "6f1e2d3c-4b5a-4697-8899-aabbccddeeff",
        "at": "2026-11-26T02:45:00Z",
    });
    payload[key] = value;
    json!({"action": "plan", "payload": payload})
}

#[tokio::test(start_paused = true)]
async fn p9_a_text_that_cannot_be_parsed_is_told_by_what_it_should_be() {
    let mut client = client().await;

    for (key, value, kind, path) in [
        ("room", json!("nope"), "uuid_parsing", json!(["room"])),
        ("at", json!("nope"), "datetime_parsing", json!(["at"])),
        ("local", json!("nope"), "datetime_parsing", json!(["local"])),
        (
            "days",
            json!(["2026-11-26", "nope"]),
            "date_parsing",
            json!(["days", 1]),
        ),
        ("alarm", json!("nope"), "time_parsing", json!(["alarm"])),
        ("color", json!("nope"), "value_error", json!(["color"])),
    ] {
        client.send_json(plan(key, value)).await;

        let answer = client.receive_json().await;
        let violation = &answer["payload"][0];
        let loc = violation["loc"].as_array().expect("a path");
        assert_eq!(violation["type"], kind, "{key}");
        assert_eq!(Value::from(&loc[2..]), path, "{key}");
    }
    client.send_json(plan("color", json!("#fff"))).await;
    assert_eq!(client.receive_json().await["action"], "plan");
}

#[tokio::test(start_paused = true)]
async fn p9_why_a_type_refuses_a_value_is_in_the_log_alone() {
    let log = Log::default();
    let _listening = log.listen();
    let mut client = client().await;

    client.send_json(plan("color", json!("secret"))).await;

    let answer = client.receive_json().await;
    assert!(!answer.to_string().contains("begins with"), "{answer}");
    let lines = log.lines("refused a payload");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("DEBUG"), "{lines:?}");
    let reason = r##"reason="a color\nbegins with #""##;
    assert!(lines[0].contains(reason), "{lines:?}");
    assert!(!lines[0].contains("secret"), "{lines:?}");
}
