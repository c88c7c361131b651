//! What a part takes, its consumer takes too: which way leads from a message
//! to its handler.
//!
//! ```text
//! include(self.typing: Typing)     Typed: ReceivedBy<Typing, Declared>
//!                                  Typed: ReceivedBy<Room, OfPart<Typing, 0, Declared>>
//! ```
//!
//! That the part takes it, the impl of [`PartReceives`] or [`PartHandles`] for the
//! consumer asks, in which the part is known. Asked here, where it is not, the
//! compiler would look for a part in a part in a part without end.

use std::marker::PhantomData;

use crate::{
    event::{EventSet, HandledBy},
    message::{MessageSet, ReceivedBy},
};

/// The way to what the `N`th part `P` takes, which it takes by way of `Via`.
#[derive(Debug)]
pub struct OfPart<P, const N: usize, Via>(PhantomData<fn() -> (P, Via)>);

/// The consumer takes the message `M` by its part `P`.
///
/// That a part is included twice is told of the part, and not once more of its
/// messages, whose impls `N` keeps apart.
pub trait PartReceives<M, P, const N: usize, Via> {}

/// The consumer handles the event `E` by its part `P`.
pub trait PartHandles<E, P, const N: usize, Via> {}

// The error is about the consumer, not about a part that might take it.
#[diagnostic::do_not_recommend]
impl<C, M: MessageSet, P, const N: usize, Via> ReceivedBy<C, OfPart<P, N, Via>> for M where
    C: PartReceives<M, P, N, Via>
{
}

#[diagnostic::do_not_recommend]
impl<C, E: EventSet, P, const N: usize, Via> HandledBy<C, OfPart<P, N, Via>> for E where
    C: PartHandles<E, P, N, Via>
{
}

/// No way at all.
///
/// With it there are two ways that may lead to an event, so that the compiler names
/// neither of them where none does.
#[derive(Debug)]
pub struct NoWay;

#[diagnostic::do_not_recommend]
impl<C, E: EventSet> HandledBy<C, NoWay> for E where C: PartHandles<E, NoWay, 0, NoWay> {}
