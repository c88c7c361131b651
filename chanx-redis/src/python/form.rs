//! The three things that go by a shared channel.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A group that is shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) channel: String,
    pub(super) group: String,
    pub(super) is_topic: bool,
}

/// What Python's consumers have handlers for. Anything else would end all of
/// their connections, and so would a key that is missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub(super) enum Form {
    #[serde(rename = "handle_group_message")]
    GroupMessage {
        message: Body,
        exclude_current: bool,
        from_channel: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chanx: Option<Ours>,
    },
    #[serde(rename = "handle_channel_event")]
    ChannelEvent {
        event_data: Body,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chanx: Option<Ours>,
    },
    #[serde(rename = "handle_topic_event")]
    TopicEvent {
        topic: String,
        seq: Option<i64>,
        event_data: Body,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chanx: Option<Ours>,
    },
}

/// An action and its payload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Body {
    action: String,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    payload: Value,
}

/// What else there is to a message of ours: all but its content. Python ignores it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Ours {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    node: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    publish: Map<String, Value>,
}

/// A message of ours, as far as it matters here.
#[derive(Debug, Deserialize)]
struct Message {
    chanx: u32,
    node: Option<String>,
    id: Option<u64>,
    answer_to: Option<Value>,
    publish: Map<String, Value>,
}

impl Form {
    /// The form that a message of ours has in Python, if it has one.
    pub(super) fn of(message: &[u8], place: &Place) -> Option<Self> {
        let Message {
            chanx: 1,
            node,
            id,
            answer_to: None,
            mut publish,
        } = serde_json::from_slice(message).ok()?
        else {
            return None;
        };
        let Value::Object(mut content) = publish.remove("content")? else {
            return None;
        };
        let exclude_current = publish.get("exclude_origin") == Some(&Value::Bool(true));
        let connection = publish
            .get("origin")
            .and_then(|origin| origin["connection"].as_str());
        let from_channel = connection.unwrap_or_default().to_owned();
        let chanx = Some(Ours { node, id, publish });
        let mut body = |kind| serde_json::from_value(content.remove(kind)?).ok();
        if place.is_topic {
            return Some(Self::TopicEvent {
                topic: place.group.clone(),
                seq: None,
                event_data: body("event")?,
                chanx,
            });
        }
        if let Some(event_data) = body("event") {
            return Some(Self::ChannelEvent { event_data, chanx });
        }
        Some(Self::GroupMessage {
            message: body("message")?,
            exclude_current,
            from_channel,
            chanx,
        })
    }

    pub(super) fn to_bytes(&self) -> Option<Bytes> {
        rmp_serde::to_vec_named(self).ok().map(Bytes::from)
    }

    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        rmp_serde::from_slice(bytes).ok()
    }

    /// The message of ours that it is for the members of a group.
    pub(super) fn for_place(&self, place: &Place) -> Option<Bytes> {
        let (kind, body, chanx) = match self {
            Self::GroupMessage { message, chanx, .. } => ("message", message, chanx),
            Self::ChannelEvent { event_data, chanx } => ("event", event_data, chanx),
            Self::TopicEvent {
                topic,
                event_data,
                chanx,
                ..
            } if *topic == place.group => ("event", event_data, chanx),
            Self::TopicEvent { .. } => return None,
        };
        let is_of_channel =
            |ours: &&Ours| ours.publish.get("channel") == Some(&json!(place.channel));
        let message = match chanx.as_ref().filter(is_of_channel) {
            Some(ours) => {
                let mut publish = ours.publish.clone();
                publish.insert("content".to_owned(), json!({ kind: body }));
                json!({"chanx": 1, "node": ours.node, "id": ours.id, "publish": publish})
            }
            None => json!({
                "chanx": 1,
                "publish": {
                    "channel": place.channel,
                    "target": {"groups": [place.group]},
                    "content": {kind: body},
                },
            }),
        };
        serde_json::to_vec(&message).ok().map(Bytes::from)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place(is_topic: bool) -> Place {
        Place {
            channel: "room".to_owned(),
            group: "lobby".to_owned(),
            is_topic,
        }
    }

    fn message(content: &Value) -> Value {
        json!({
            "chanx": 1,
            "node": "00c5f1a2b3d4e5f6",
            "id": 7,
            "publish": {
                "channel": "room",
                "target": {"groups": ["lobby", "attic"]},
                "content": content,
                "origin": {"connection": "00c5f1a2b3d4e5f60000000000000001", "user": "ann"},
                "exclude_origin": true,
                "with_metadata": true,
            },
        })
    }

    fn written(message: &Value, place: &Place) -> Option<Value> {
        let form = Form::of(message.to_string().as_bytes(), place)?;
        Some(rmp_serde::from_slice(&form.to_bytes()?).unwrap())
    }

    #[test]
    fn a_message_is_what_python_handles_and_comes_back_whole() {
        let body = json!({"action": "line", "payload": {"text": "hello"}});
        let sent = message(&json!({"message": body}));

        let written = written(&sent, &place(false)).unwrap();
        assert_eq!(written["type"], "handle_group_message");
        assert_eq!(written["message"], body);
        assert_eq!(written["exclude_current"], true);
        assert_eq!(written["from_channel"], "00c5f1a2b3d4e5f60000000000000001");

        let bytes = rmp_serde::to_vec_named(&written).unwrap();
        let read = Form::read(&bytes)
            .unwrap()
            .for_place(&place(false))
            .unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&read).unwrap(), sent);
    }

    #[test]
    fn an_event_is_what_python_handles() {
        let body = json!({"action": "ticked", "payload": 5});
        let sent = message(&json!({"event": body}));

        let of_group = written(&sent, &place(false)).unwrap();
        assert_eq!(of_group["type"], "handle_channel_event");
        assert_eq!(of_group["event_data"], body);
        let of_topic = written(&sent, &place(true)).unwrap();
        assert_eq!(of_topic["type"], "handle_topic_event");
        assert_eq!(of_topic["topic"], "lobby");
        assert_eq!(of_topic["seq"], Value::Null);
        assert_eq!(of_topic["event_data"], body);
    }

    #[test]
    fn what_python_says_is_a_message_of_the_channel() {
        let said = json!({
            "type": "handle_group_message",
            "message": {"action": "line", "payload": {"text": "hello"}},
            "exclude_current": false,
            "from_channel": "asgispecific.1234",
        });
        let form = Form::read(&rmp_serde::to_vec_named(&said).unwrap()).unwrap();

        let read: Value = serde_json::from_slice(&form.for_place(&place(false)).unwrap()).unwrap();
        assert_eq!(
            read,
            json!({
                "chanx": 1,
                "publish": {
                    "channel": "room",
                    "target": {"groups": ["lobby"]},
                    "content": {"message": {"action": "line", "payload": {"text": "hello"}}},
                },
            }),
        );
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map(
                    prop_oneof![
                        Just("action".to_owned()),
                        Just("payload".to_owned()),
                        Just("message".to_owned()),
                        Just("event".to_owned()),
                        Just("close".to_owned()),
                        ".{0,4}",
                    ],
                    inner,
                    0..4,
                )
                .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    fn is_body(body: &Value) -> bool {
        body.as_object().is_some_and(|body| {
            body["action"].is_string()
                && body
                    .keys()
                    .all(|key| ["action", "payload"].contains(&&**key))
        })
    }

    /// True if every connection of Python's survives it.
    fn is_harmless(written: &Value) -> bool {
        match written["type"].as_str() {
            Some("handle_group_message") => {
                is_body(&written["message"])
                    && written["exclude_current"].is_boolean()
                    && written["from_channel"].is_string()
            }
            Some("handle_channel_event") => is_body(&written["event_data"]),
            Some("handle_topic_event") => {
                is_body(&written["event_data"])
                    && written["topic"].is_string()
                    && (written["seq"].is_null() || written["seq"].is_i64())
            }
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn nothing_that_harms_python_is_ever_written(
            content in any_json(), message_content in any_json(), is_topic: bool,
        ) {
            let bodied = json!({"message": {"action": "a", "payload": message_content}});
            let close = json!({"close": {"code": 4001, "reason": "bye"}});
            for content in [content, bodied, close] {
                if let Some(written) = written(&message(&content), &place(is_topic)) {
                    // Reading it into JSON has shown that every key is a text.
                    prop_assert!(is_harmless(&written), "{written}");
                }
            }
        }

        #[test]
        fn bytes_of_others_are_read_or_not_and_no_more(bytes: Vec<u8>) {
            if let Some(form) = Form::read(&bytes) {
                let _ = form.for_place(&place(false));
            }
        }
    }
}
