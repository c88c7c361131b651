//! An action with its payload, as data.

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;

use super::{EncodeError, Encoder, Envelope};
use crate::identity::Name;

/// The action and the payload of a message or an event, as JSON.
///
/// Whoever makes one proves that the payload is JSON: nothing else can get onto
/// a wire by it. Cheap to clone.
///
/// # Examples
///
/// ```
/// use chanx::layer::Body;
///
/// let body: Body = serde_json::from_str(r#"{"action": "paid", "payload": {"cents": 250}}"#)?;
/// assert_eq!(body.action(), "paid");
/// assert_eq!(body.payload(), r#"{"cents": 250}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    action: Name,
    /// The frame of a push, which ends with the payload and a brace.
    frame: Bytes,
    /// The place in it where the payload begins.
    payload: usize,
}

impl Body {
    /// Serialises a payload.
    ///
    /// # Errors
    ///
    /// When serde cannot represent it as JSON.
    pub fn new<T: Serialize + ?Sized>(
        action: impl Into<Name>,
        payload: &T,
    ) -> Result<Self, EncodeError> {
        let action = action.into();
        let frame = Encoder::new(Envelope::push()).message(&action, payload)?;
        Ok(Self::of_push(action, frame))
    }

    /// The body of a frame that an [`Encoder`] has written with an envelope of nothing.
    pub(crate) fn of_frame(actions: &[&'static str], frame: Bytes) -> Result<Self, EncodeError> {
        let is_its = |action: &&&'static str| {
            let head = head(action);
            frame.starts_with(head.as_bytes())
        };
        if let Some(action) = actions.iter().find(is_its) {
            return Ok(Self::of_push((*action).into(), frame));
        }
        // An action that is none of the set's, which only a set written by hand can have.
        // As text, because all else is read as text: a reader of bytes would be compiled for it.
        serde_json::from_str(&String::from_utf8_lossy(&frame)).map_err(|source| {
            let action = actions.first().copied().unwrap_or_default();
            EncodeError::new(action, source)
        })
    }

    fn of_push(action: Name, frame: Bytes) -> Self {
        let payload = head(&action).len();
        Self {
            action,
            frame,
            payload,
        }
    }

    /// The action.
    #[must_use]
    pub fn action(&self) -> &Name {
        &self.action
    }

    /// The payload, as JSON.
    #[must_use]
    pub fn payload(&self) -> &str {
        let end = self.frame.len() - 1;
        let payload = &self.frame[self.payload..end];
        std::str::from_utf8(payload).expect("a frame is made of JSON, which is text")
    }

    /// The frame of a push that has nothing beside action and payload.
    pub(crate) fn frame(&self) -> &Bytes {
        &self.frame
    }

    /// The frame of a push with this envelope: only its tail is written anew.
    pub(crate) fn frame_with(&self, envelope: &Envelope<'_>) -> Bytes {
        let head = &self.frame[..self.frame.len() - 1];
        envelope.close(head)
    }

    /// Hands the payload to what decodes it.
    #[cfg(feature = "broker")]
    pub(crate) fn read<T>(&self, decode: impl FnOnce(super::Payload<'_>) -> T) -> T {
        let raw = serde_json::from_str(self.payload());
        decode(super::Payload::from_raw(
            raw.expect("a payload was JSON when it was taken"),
        ))
    }
}

/// The beginning of an action's frame, up to its payload.
fn head(action: &str) -> String {
    let action = serde_json::to_string(action).expect("a text is JSON");
    format!("{{\"action\":{action},\"payload\":")
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Body")
            .field("action", &self.action)
            .field("payload", &self.payload())
            .finish()
    }
}

#[derive(Serialize)]
struct Written<'a> {
    action: &'a Name,
    payload: &'a RawValue,
}

#[derive(Deserialize)]
struct Read {
    action: Name,
    payload: Option<Box<RawValue>>,
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let payload = serde_json::from_str(self.payload()).map_err(ser::Error::custom)?;
        Written {
            action: &self.action,
            payload,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Read { action, payload } = Read::deserialize(deserializer)?;
        Self::new(action, &payload).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_action_that_json_escapes_keeps_its_payload() {
        let body = Body::new("say \"hi\"\n", &json!({"a": [1, "}"]})).unwrap();

        let json = serde_json::to_string(&body).unwrap();
        assert_eq!(json, r#"{"action":"say \"hi\"\n","payload":{"a":[1,"}"]}}"#);
        assert_eq!(serde_json::from_str::<Body>(&json).unwrap(), body);
    }

    #[test]
    fn a_payload_that_is_missing_is_null() {
        let body: Body = serde_json::from_str(r#"{"action":"ping"}"#).unwrap();

        assert_eq!(body.payload(), "null");
        assert_eq!(body, Body::new("ping", &()).unwrap());
    }

    #[test]
    fn what_is_no_json_is_no_payload() {
        for payload in ["", "{", "nul", "1 2", "NaN", "'a'", "{\"a\":}"] {
            let json = format!(r#"{{"action":"ping","payload":{payload}}}"#);
            assert!(serde_json::from_str::<Body>(&json).is_err(), "{json}");
        }
    }
}
