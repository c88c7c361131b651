//! The proofs that an expansion owes the compiler, each with an error of its own.

pub mod event_variant;
mod members;
pub mod message_variant;
mod parts;
mod reading;

pub use members::{
    Elsewhere, IsFree, MemberOf, Place, ReceivesMember, SendsMember, declared_elsewhere, sent,
};
pub use parts::{NoWay, OfPart, PartHandles, PartReceives};
pub use reading::{ReadEvent, Reading};

use crate::{
    channel::{Admits, Channel, HasTopic},
    consumer::Context,
};

/// The type of a handler's `&mut` parameter.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the context of `{C}`",
    label = "expected `Context<Self>`",
    note = "a handler's `&mut` parameter is its context: write `ctx: &mut Context<Self>`",
    note = "its message is taken by value"
)]
pub trait ContextOf<C> {
    /// The context as what the handler takes it for, which is itself.
    fn of(ctx: &mut Context<C>) -> &mut Self;
}

impl<C> ContextOf<C> for Context<C> {
    fn of(ctx: &mut Self) -> &mut Self {
        ctx
    }
}

/// Lends a handler its context.
pub fn lend<C, T: ContextOf<C>>(ctx: &mut Context<C>) -> &mut T {
    T::of(ctx)
}

/// A consumer that a handler may borrow with `&self`.
#[diagnostic::on_unimplemented(
    message = "a handler of `{Self}` cannot take `&self`, because `{Self}` is not `Sync`",
    label = "write `&mut self`",
    note = "handlers of one connection never overlap, so `&mut self` costs nothing"
)]
pub trait SharedSelf {}

// The error is about the handler, not about what keeps a field from being `Sync`.
#[diagnostic::do_not_recommend]
impl<C: Sync> SharedSelf for C {}

/// Proves that `C` may be borrowed with `&self`.
pub const fn assert_shared<C: SharedSelf>() {}

/// Proves that the `N`th topic of `C` admits with a consumer that has no topics of
/// its own.
#[track_caller]
pub const fn assert_no_topics<C: HasTopic<N>, const N: usize>() {
    assert!(
        <<C::Admits as Admits>::Consumer as Channel>::TOPICS.is_empty(),
        "the consumer of a topic has topics of its own: a topic is subscribed to on a connection"
    );
}
