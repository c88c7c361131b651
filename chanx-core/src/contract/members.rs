//! An enum that is declared declares its members: which way leads from a
//! message to the declaration.
//!
//! ```text
//! sends(Joined, Change)     Joined: SentBy<Room, Declared>
//!                           Change: SentBy<Room, Declared>
//! enum Change { Moved(..) } Moved:  SentBy<Room, MemberOf<Change>>
//! ```
//!
//! There must be one way to each message, or the compiler could not choose: a
//! member that is declared by itself too, or by an enum before this one, is
//! left to that declaration.

use std::marker::PhantomData;

use super::message_variant::HeldBy;
use crate::{
    channel::contains,
    message::{ReceivedBy, SentBy},
};

/// The way to a member of the enum `E`, which is declared as the `N`th type.
#[derive(Debug)]
pub struct MemberOf<E, const N: usize>(PhantomData<fn() -> E>);

/// The consumer sends the member `M` of the enum `E`.
///
/// That a type is declared twice is told of the type, and not once more of its
/// members, whose impls `N` keeps apart.
pub trait SendsMember<M, E, const N: usize> {}

/// The consumer has a handler that takes the member `M` of the enum `E`.
pub trait ReceivesMember<M, E, const N: usize> {}

// The error is about the message, not about an enum that might hold it.
#[diagnostic::do_not_recommend]
impl<C, M, E, const N: usize> SentBy<C, MemberOf<E, N>> for M
where
    C: SendsMember<M, E, N>,
    M: HeldBy<E>,
{
}

#[diagnostic::do_not_recommend]
impl<C, M, E, const N: usize> ReceivedBy<C, MemberOf<E, N>> for M
where
    C: ReceivesMember<M, E, N>,
    M: HeldBy<E>,
{
}

/// The most members of an enum that are declared with it.
const MEMBERS: usize = 32;

/// The actions of what `C` declares to send.
#[must_use]
pub const fn sent<C, M: SentBy<C>>() -> &'static [&'static str] {
    M::ACTIONS
}

/// Of which members of an enum, by their place in it, the actions are
/// declared elsewhere: by something `earlier`, or by a type of one message.
#[must_use]
pub const fn declared_elsewhere(
    members: &[&str],
    earlier: &[&[&str]],
    later: &[&[&str]],
) -> [bool; MEMBERS] {
    let mut elsewhere = [false; MEMBERS];
    let mut place = 0;
    while place < members.len() && place < MEMBERS {
        let mut index = 0;
        while index < earlier.len() {
            elsewhere[place] |= contains(earlier[index], members[place]);
            index += 1;
        }
        index = 0;
        while index < later.len() {
            elsewhere[place] |= later[index].len() == 1 && contains(later[index], members[place]);
            index += 1;
        }
        place += 1;
    }
    elsewhere
}

/// The place of a member in its enum.
#[derive(Debug)]
pub struct Place<const PLACE: usize>;

/// The places, each `true` that is not to be declared once more.
pub trait IsFree<Place> {}

macro_rules! places {
    ([$($before:ident)*]) => {
        /// The places of which the member is declared elsewhere.
        #[derive(Debug)]
        pub struct Elsewhere<$(const $before: bool),*>;
    };
    ([$($before:ident)*] $place:literal $here:ident $($later:literal $after:ident)*) => {
        impl<$(const $before: bool,)* $(const $after: bool,)*> IsFree<Place<$place>>
            for Elsewhere<$($before,)* false, $($after,)*>
        {
        }
        places!([$($before)* $here] $($later $after)*);
    };
}

places!([]
    0 M0 1 M1 2 M2 3 M3 4 M4 5 M5 6 M6 7 M7
    8 M8 9 M9 10 M10 11 M11 12 M12 13 M13 14 M14 15 M15
    16 M16 17 M17 18 M18 19 M19 20 M20 21 M21 22 M22 23 M23
    24 M24 25 M25 26 M26 27 M27 28 M28 29 M29 30 M30 31 M31);

/// Declares the members of a type that is declared, if it is an enum.
///
/// `$earlier` and `$later` are the other types that are declared.
#[macro_export]
#[doc(hidden)]
macro_rules! __sent_members {
    (
        $private:ident, [$(#[$lint:meta])*],
        $consumer:ty, $declared:ty, $nth:literal, [$($earlier:tt)*], [$($later:tt)*]
    ) => {
        $(#[$lint])*
        const _: () = {
            const __CHANX_ELSEWHERE: [$crate::$private::bool; 32] =
                $crate::$private::declared_elsewhere(
                    $crate::$private::sent::<$consumer, $declared>(),
                    &[$($earlier)*],
                    &[$($later)*],
                );
            impl<__ChanxMember: $crate::$private::message_variant::HeldBy<$declared>>
                $crate::$private::SendsMember<__ChanxMember, $declared, $nth> for $consumer
            where
                $crate::$private::Elsewhere<
                    { __CHANX_ELSEWHERE[0] },
                    { __CHANX_ELSEWHERE[1] },
                    { __CHANX_ELSEWHERE[2] },
                    { __CHANX_ELSEWHERE[3] },
                    { __CHANX_ELSEWHERE[4] },
                    { __CHANX_ELSEWHERE[5] },
                    { __CHANX_ELSEWHERE[6] },
                    { __CHANX_ELSEWHERE[7] },
                    { __CHANX_ELSEWHERE[8] },
                    { __CHANX_ELSEWHERE[9] },
                    { __CHANX_ELSEWHERE[10] },
                    { __CHANX_ELSEWHERE[11] },
                    { __CHANX_ELSEWHERE[12] },
                    { __CHANX_ELSEWHERE[13] },
                    { __CHANX_ELSEWHERE[14] },
                    { __CHANX_ELSEWHERE[15] },
                    { __CHANX_ELSEWHERE[16] },
                    { __CHANX_ELSEWHERE[17] },
                    { __CHANX_ELSEWHERE[18] },
                    { __CHANX_ELSEWHERE[19] },
                    { __CHANX_ELSEWHERE[20] },
                    { __CHANX_ELSEWHERE[21] },
                    { __CHANX_ELSEWHERE[22] },
                    { __CHANX_ELSEWHERE[23] },
                    { __CHANX_ELSEWHERE[24] },
                    { __CHANX_ELSEWHERE[25] },
                    { __CHANX_ELSEWHERE[26] },
                    { __CHANX_ELSEWHERE[27] },
                    { __CHANX_ELSEWHERE[28] },
                    { __CHANX_ELSEWHERE[29] },
                    { __CHANX_ELSEWHERE[30] },
                    { __CHANX_ELSEWHERE[31] },
                >: $crate::$private::IsFree<__ChanxMember::Place>,
            {
            }
        };
    };
}
