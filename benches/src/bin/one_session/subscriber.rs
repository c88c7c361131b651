//! The subscriber of what is logged.

use std::{io, str::FromStr};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    filter::{Targets, dynamic_filter_fn},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// A subscriber that writes to nowhere, by what it lets through.
#[derive(Clone, Copy, Default)]
pub(crate) enum Subscriber {
    /// There is none.
    #[default]
    None,
    /// Up to `info`, which is known before the program runs: what most servers have.
    Info,
    /// Up to `trace` for another crate, up to `info` for chanx: each place
    /// that logs is asked about once.
    Filtered,
    /// Up to `info` by a filter that is asked each time, such as one that goes by a field.
    Asked,
    /// Everything but payloads.
    Debug,
}

impl Subscriber {
    pub(crate) fn init(self) {
        let lines = tracing_subscriber::registry().with(fmt::layer().with_writer(io::sink));
        match self {
            Self::None => {}
            Self::Info => lines.with(LevelFilter::INFO).init(),
            Self::Filtered => {
                let targets = Targets::new()
                    .with_default(LevelFilter::INFO)
                    .with_target("another_crate", LevelFilter::TRACE);
                lines.with(targets).init();
            }
            Self::Asked => {
                let filter =
                    dynamic_filter_fn(|metadata, _| *metadata.level() <= LevelFilter::INFO);
                lines.with(filter).init();
            }
            Self::Debug => lines.with(LevelFilter::DEBUG).init(),
        }
    }
}

impl FromStr for Subscriber {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "none" => Ok(Self::None),
            "info" => Ok(Self::Info),
            "filtered" => Ok(Self::Filtered),
            "asked" => Ok(Self::Asked),
            "debug" => Ok(Self::Debug),
            _ => Err(format!("no subscriber is called `{name}`")),
        }
    }
}
