//! Events that several consumers handle, each in its own way.

use chanx::Event;
use serde::{Deserialize, Serialize};

/// Something that the application has to say.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
#[event(action = "system_notify")]
pub(crate) struct SystemNotify(pub(crate) String);

/// Something that the application says again and again.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
#[event(action = "system_periodic_notify")]
pub(crate) struct SystemPeriodicNotify(pub(crate) String);
