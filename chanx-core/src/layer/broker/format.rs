//! The messages that go by way of a broker: JSON with a version.
//!
//! The book documents it, so that any language may publish. Whatever is not
//! known is ignored: keys beside those that are known, and messages of another
//! version.

use bytes::Bytes;
use serde::{Deserialize, Serialize, de::Error};
use serde_json::value::RawValue;

use super::questions::Answer;
use crate::{connection::Publication, identity::NodeId};

/// The version of the format that is written and read.
const VERSION: u32 = 1;

/// The bytes of the longest probe, which no publication has room in.
const LONGEST_PROBE: usize = 66;

/// A message to one or several addresses.
#[derive(Debug, Serialize)]
struct Written<'a> {
    chanx: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<NodeId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer_to: Option<NodeId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publish: Option<&'a Publication>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probe: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<&'a Answer>,
}

#[derive(Debug, Deserialize)]
struct Read<'a> {
    chanx: u32,
    node: Option<NodeId>,
    id: Option<u64>,
    answer_to: Option<NodeId>,
    #[serde(borrow)]
    publish: Option<&'a RawValue>,
    probe: Option<u64>,
    answer: Option<Answer>,
}

/// A message from one node to others.
#[derive(Debug)]
pub(super) enum Message {
    /// Something for members.
    Publication {
        /// The node that publishes, unless it is none.
        node: Option<NodeId>,
        /// Tells it from its copies, and is what an answer says.
        id: Option<u64>,
        /// Whom to tell what became of it.
        answer_to: Option<NodeId>,
        publication: Box<Publication>,
    },
    /// A publication of this node's, which has delivered it already.
    Own,
    /// From this node to itself.
    OwnProbe(u64),
    /// The answer about the publication of this id.
    Answer { id: u64, answer: Answer },
}

/// The reasons for which a message cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("not a message of this format")]
    Foreign(#[from] serde_json::Error),
    #[error("version {0} of the format")]
    Version(u32),
    #[error("a kind of message that is not known")]
    Kind,
}

const NOTHING: Written<'_> = Written {
    chanx: VERSION,
    node: None,
    id: None,
    answer_to: None,
    publish: None,
    probe: None,
    answer: None,
};

/// A publication. With `asks`, its id is what the answer goes by.
pub(super) fn publication(
    node: NodeId,
    id: Option<u64>,
    asks: bool,
    publication: &Publication,
) -> serde_json::Result<Bytes> {
    write(&Written {
        node: Some(node),
        id,
        answer_to: asks.then_some(node),
        publish: Some(publication),
        ..NOTHING
    })
}

pub(super) fn probe(node: NodeId, probe: u64) -> Bytes {
    let probe = Written {
        node: Some(node),
        probe: Some(probe),
        ..NOTHING
    };
    write(&probe).expect("numbers and texts are JSON")
}

pub(super) fn answer(node: NodeId, id: u64, answer: &Answer) -> Bytes {
    let answer = Written {
        node: Some(node),
        id: Some(id),
        answer: Some(answer),
        ..NOTHING
    };
    write(&answer).expect("numbers and texts are JSON")
}

fn write(message: &Written<'_>) -> serde_json::Result<Bytes> {
    serde_json::to_vec(message).map(Bytes::from)
}

/// The number of a node's own probe, where it is one. Quick with what is none.
pub(super) fn own_probe(message: &[u8], here: NodeId) -> Option<u64> {
    if message.len() > LONGEST_PROBE {
        return None;
    }
    match read(message, here) {
        Ok(Message::OwnProbe(probe)) => Some(probe),
        _ => None,
    }
}

/// Reads what has come to `here`. What is in its own publications is not read again.
pub(super) fn read(message: &[u8], here: NodeId) -> Result<Message, Unreadable> {
    /// Read first, because another version may differ in all else.
    #[derive(Deserialize)]
    struct Version {
        chanx: u32,
    }

    let message = str::from_utf8(message).map_err(serde_json::Error::custom)?;
    let read = match serde_json::from_str::<Read<'_>>(message) {
        Ok(read) if read.chanx == VERSION => read,
        Ok(Read { chanx, .. }) => return Err(Unreadable::Version(chanx)),
        Err(error) => {
            return Err(match serde_json::from_str(message) {
                Ok(Version { chanx }) if chanx != VERSION => Unreadable::Version(chanx),
                _ => error.into(),
            });
        }
    };
    match (read.publish, read.probe, read.answer) {
        (Some(_), None, None) if read.node == Some(here) => Ok(Message::Own),
        (Some(publication), None, None) => Ok(Message::Publication {
            node: read.node,
            id: read.id,
            answer_to: read.answer_to,
            publication: serde_json::from_str(publication.get())?,
        }),
        (None, Some(probe), None) if read.node == Some(here) => Ok(Message::OwnProbe(probe)),
        (None, None, Some(answer)) => {
            let id = read.id.ok_or(Unreadable::Kind)?;
            Ok(Message::Answer { id, answer })
        }
        _ => Err(Unreadable::Kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probe_is_known_by_its_node_alone() {
        let (here, there) = (NodeId::random(), NodeId::random());
        let probe = probe(here, u64::MAX);

        assert_eq!(probe.len(), LONGEST_PROBE);
        assert_eq!(own_probe(&probe, here), Some(u64::MAX));
        assert_eq!(own_probe(&probe, there), None);
    }
}
