//! The tables that are made once for each channel of the program.

use std::{
    any::TypeId,
    collections::HashMap,
    sync::{LazyLock, PoisonError, RwLock},
};

use super::{Channel, decoders::EventDecoders, definition::Definition};

/// The decoders of each channel that has been asked for, which stay for ever:
/// there are as many as the program has channels.
static OF_CHANNELS: LazyLock<RwLock<HashMap<TypeId, &'static EventDecoders>>> =
    LazyLock::new(RwLock::default);

impl EventDecoders {
    /// The decoders of `C`, made when they are first asked for.
    pub(crate) fn of<C: Channel>() -> &'static Self {
        Self::known(TypeId::of::<C>(), || {
            Definition::<C>::of_channel().into_decoders()
        })
    }

    /// A function of its own, because [`of`](Self::of) is compiled for each channel anew.
    fn known(channel: TypeId, make: fn() -> Self) -> &'static Self {
        let known = OF_CHANNELS.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(&channel) {
            return known;
        }
        drop(known);
        // Without the lock, because a channel's examples are the application's own code.
        let made = make();
        let mut known = OF_CHANNELS.write().unwrap_or_else(PoisonError::into_inner);
        known
            .entry(channel)
            .or_insert_with(|| Box::leak(Box::new(made)))
    }
}
