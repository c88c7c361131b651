//! The lines that the examples write to standard error.

use std::{env, error::Error, io};

use tracing_subscriber::{
    filter::Targets, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// Logs what `RUST_LOG` says, such as `debug` or `info,chanx_core=trace`; `info` unless it is set.
pub(crate) fn init() -> Result<(), Box<dyn Error>> {
    let wanted = env::var("RUST_LOG").ok().filter(|it| !it.is_empty());
    let wanted: Targets = wanted.as_deref().unwrap_or("info").parse()?;
    tracing_subscriber::registry()
        .with(fmt::layer().with_writer(io::stderr))
        .with(wanted)
        .init();
    Ok(())
}
