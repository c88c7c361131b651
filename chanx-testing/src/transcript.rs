//! The frames that have passed through a connection lately, for people.

use std::{collections::VecDeque, fmt};

/// The most frames that are kept.
const FRAMES: usize = 12;
/// The most bytes of a frame that are kept.
const BYTES: usize = 160;

/// The last frames of a connection, in order.
#[derive(Debug, Default)]
pub(crate) struct Transcript(VecDeque<String>);

impl Transcript {
    pub(crate) fn sent(&mut self, frame: impl fmt::Display) {
        self.push(format!("sent      {frame}"));
    }

    pub(crate) fn received(&mut self, frame: impl fmt::Display) {
        self.push(format!("received  {frame}"));
    }

    fn push(&mut self, mut line: String) {
        if line.len() > BYTES {
            line.truncate(line.floor_char_boundary(BYTES));
            line.push('…');
        }
        if self.0.len() == FRAMES {
            self.0.pop_front();
        }
        self.0.push_back(line);
    }
}

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("  nothing");
        }
        let lines: Vec<_> = self.0.iter().map(|line| format!("  {line}")).collect();
        f.write_str(&lines.join("\n"))
    }
}
