//! The marks of a frame beside its action and its payload.

use bytes::Bytes;

use super::{Correlation, page::Page};

/// The keys of an outgoing frame beside its action and its payload.
///
/// Given to an [`Encoder`](super::Encoder). Keys that say nothing are left out;
/// with a `ref`, a topic or a `seq` comes `version`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Envelope<'a> {
    reference: Option<&'a str>,
    topic: Option<&'a str>,
    seq: Option<u64>,
    origin: Option<Origin>,
}

#[derive(Debug, Clone, Copy)]
struct Origin {
    is_mine: bool,
    is_current: bool,
}

impl<'a> Envelope<'a> {
    /// The envelope of what no client has asked for: it carries no `ref`.
    #[must_use]
    pub fn push() -> Self {
        Self::default()
    }

    /// The envelope of what a client has asked for: it carries the `ref` and the
    /// topic that the question came with.
    #[must_use]
    pub fn reply(correlation: &'a Correlation<'_>) -> Self {
        Self {
            reference: correlation.reference.as_deref(),
            topic: correlation.topic.as_deref(),
            seq: correlation.seq,
            origin: None,
        }
    }

    /// Adds the stream that the frame belongs to.
    #[must_use]
    pub fn with_topic(mut self, topic: impl Into<Option<&'a str>>) -> Self {
        self.topic = topic.into();
        self
    }

    /// Adds the publisher's own number for it.
    #[must_use]
    pub fn with_seq(mut self, seq: impl Into<Option<u64>>) -> Self {
        self.seq = seq.into();
        self
    }

    /// Adds whether the recipient's user, and whether its connection, is where it came from.
    #[must_use]
    pub fn with_origin(mut self, is_mine: bool, is_current: bool) -> Self {
        self.origin = Some(Origin {
            is_mine,
            is_current,
        });
        self
    }

    /// Closes a frame that has been written up to its payload.
    pub(crate) fn close(&self, head: &[u8]) -> Bytes {
        let mut frame = Page::of_thread();
        frame.extend_from_slice(head);
        self.write(&mut frame)
            .expect("a page takes all, and texts and flags are JSON");
        frame.extend_from_slice(b"}");
        frame.into_frame()
    }

    /// Writes the keys behind a payload; most frames have none.
    #[inline]
    pub(super) fn write(&self, frame: &mut Page) -> serde_json::Result<()> {
        let has_version = self.reference.is_some() || self.topic.is_some() || self.seq.is_some();
        match has_version || self.origin.is_some() {
            true => self.write_keys(has_version, frame),
            false => Ok(()),
        }
    }

    fn write_keys(&self, has_version: bool, frame: &mut Page) -> serde_json::Result<()> {
        if let Some(origin) = self.origin {
            frame.extend_from_slice(b",\"is_mine\":");
            serde_json::to_writer(&mut *frame, &origin.is_mine)?;
            frame.extend_from_slice(b",\"is_current\":");
            serde_json::to_writer(&mut *frame, &origin.is_current)?;
        }
        if has_version {
            frame.extend_from_slice(b",\"version\":1");
        }
        if let Some(topic) = self.topic {
            frame.extend_from_slice(b",\"topic\":");
            serde_json::to_writer(&mut *frame, topic)?;
        }
        if let Some(seq) = self.seq {
            frame.extend_from_slice(b",\"seq\":");
            serde_json::to_writer(&mut *frame, &seq)?;
        }
        if let Some(reference) = self.reference {
            frame.extend_from_slice(b",\"ref\":");
            serde_json::to_writer(&mut *frame, reference)?;
        }
        Ok(())
    }
}
