//! A consumer's protocol: which action goes to which method, and its description.

mod actions;
mod answer;
mod decoders;
mod definition;
mod fitting;
mod handler;
mod keyed;
mod parameters;
mod part;
mod pattern;
mod route;
mod routes;
mod served;
mod serving;
mod tables;
mod topics;

pub(crate) use actions::contains;
pub use actions::{
    Handled, RESERVED, Taken, assert_free, assert_part_free, handled, received, taken,
};
pub use answer::{Answer, answer};
pub(crate) use decoders::EventDecoders;
pub use definition::{Definition, Sends};
pub(crate) use handler::{Called, Running};
pub use handler::{Handler, at_once};
pub(crate) use route::Route;
pub(crate) use routes::Routes;
pub(crate) use served::{Hook, Place, Served};
pub(crate) use serving::Serving;
pub(crate) use topics::TopicRoute;
pub use topics::{Admits, HasTopic, TopicParameters};

use crate::consumer::Consumer;

/// The protocol of a consumer, as `#[channel]` declares it.
///
/// Implemented by `#[channel]` alone.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no channel",
    label = "no `#[channel]` block",
    note = "put `#[channel(name = \"…\")]` on the `impl {Self}` block that has its handlers"
)]
pub trait Channel: Consumer {
    /// The channel's name, which its groups and its document go by.
    const NAME: &'static str;

    /// The groups that every connection joins before `connected` runs, and
    /// that a broadcast from outside goes to unless it names others.
    const GROUPS: &'static [&'static str];

    /// The patterns of the topics that its clients may subscribe to.
    const TOPICS: &'static [&'static str];

    /// Declares the handlers.
    #[doc(hidden)]
    fn define(definition: &mut Definition<Self>);
}

/// The trait that `#[channel]` implements, which the compiler names where a consumer
/// has a second block.
pub trait OneChannelBlockPerConsumer: Consumer {
    /// [`Channel::NAME`].
    const NAME: &'static str;

    /// [`Channel::GROUPS`].
    const GROUPS: &'static [&'static str];

    /// [`Channel::TOPICS`].
    const TOPICS: &'static [&'static str];

    /// [`Channel::define`].
    fn define(definition: &mut Definition<Self>);
}

#[diagnostic::do_not_recommend]
impl<C: OneChannelBlockPerConsumer> Channel for C {
    const NAME: &'static str = C::NAME;
    const GROUPS: &'static [&'static str] = C::GROUPS;
    const TOPICS: &'static [&'static str] = C::TOPICS;

    fn define(definition: &mut Definition<Self>) {
        C::define(definition);
    }
}

/// The trait that `#[handlers]` implements, which the compiler names where a part
/// has a second block.
///
/// That the type is a [`Part`](crate::Part), the block itself asks, by
/// [`Definition::hooks`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a part, and cannot be included",
    label = "no `#[handlers]` block",
    note = "put `#[handlers]` on the `impl {Self}` block that has its handlers, and `#[derive(Part)]` on `{Self}`"
)]
pub trait OneHandlersBlockPerPart: Sized + Send + 'static {
    /// The actions that it takes, and those of its own parts.
    const TAKEN: &'static Taken;

    /// Declares the handlers and the hooks.
    fn define(definition: &mut Definition<Self>);
}

/// A part that `C` includes, which is a consumer or another part.
///
/// Implemented by `include(…)` of `#[channel]` and `#[handlers]` alone.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a part of `{C}`",
    label = "not included by `{C}`",
    note = "add `include(self.field: {Self})` to the `#[channel]` or `#[handlers]` of `{C}`"
)]
pub trait PartOf<C>: OneHandlersBlockPerPart {
    /// The part's state.
    #[doc(hidden)]
    fn of(whole: &mut C) -> &mut Self;
}
