//! The command line.

use std::ffi::OsString;

use chanx::{ChannelOptions, RateLimit};
use lexopt::{Arg, Parser, ValueExt};

use crate::subscriber::Subscriber;

/// The number of messages, and the parts that each of them goes through.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) messages: u64,
    pub(crate) subscriber: Subscriber,
    pub(crate) permission_check: bool,
    pub(crate) completion_frames: bool,
    pub(crate) topic: bool,
    /// Counters that count up once a message, beside the session's own.
    pub(crate) counters: u64,
    unlogged: bool,
    rate_limit: bool,
}

impl Args {
    pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Self, lexopt::Error> {
        let mut parsed = Self::default();
        let mut parser = Parser::from_iter(args);
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("messages") => parsed.messages = parser.value()?.parse()?,
                Arg::Long("subscriber") => parsed.subscriber = parser.value()?.parse()?,
                Arg::Long("counters") => parsed.counters = parser.value()?.parse()?,
                Arg::Long("permission-check") => parsed.permission_check = true,
                Arg::Long("completion-frames") => parsed.completion_frames = true,
                Arg::Long("topic") => parsed.topic = true,
                Arg::Long("unlogged") => parsed.unlogged = true,
                Arg::Long("rate-limit") => parsed.rate_limit = true,
                Arg::Long(_) | Arg::Short(_) | Arg::Value(_) => return Err(arg.unexpected()),
            }
        }
        Ok(parsed)
    }

    /// The defaults, apart from what was asked for.
    pub(crate) fn options(&self) -> ChannelOptions {
        let mut options = ChannelOptions::default().completion_frames(self.completion_frames);
        if self.unlogged {
            options = options.unlogged_actions(["echo"]);
        }
        if self.rate_limit {
            // It is asked each time, and never refuses.
            options = options.rate_limit(RateLimit::per_second(u32::MAX));
        }
        options
    }
}
