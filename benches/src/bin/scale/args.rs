//! The command line.

use std::ffi::OsString;

use lexopt::{Arg, Parser, ValueExt};

/// How far to go, and how often.
#[derive(Clone, Copy)]
pub(crate) struct Args {
    /// The number of members of the smallest group.
    pub(crate) least: u64,
    /// The number of members of the largest group.
    pub(crate) most: u64,
    /// The number of times that everything is measured.
    pub(crate) rounds: u32,
}

impl Args {
    pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Self, lexopt::Error> {
        let mut parsed = Self {
            least: 1,
            most: 100_000,
            rounds: 5,
        };
        let mut parser = Parser::from_iter(args);
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("least") => parsed.least = parser.value()?.parse()?,
                Arg::Long("most") => parsed.most = parser.value()?.parse()?,
                Arg::Long("rounds") => parsed.rounds = parser.value()?.parse()?,
                Arg::Long(_) | Arg::Short(_) | Arg::Value(_) => return Err(arg.unexpected()),
            }
        }
        Ok(parsed)
    }
}
