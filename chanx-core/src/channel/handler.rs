//! The handlers of a consumer, and what they are once they have been called.

use futures_util::{FutureExt, future::BoxFuture};

use super::answer::Answer;
use crate::consumer::Context;

/// A method that handles messages or events, with its reply encoded.
#[derive(Debug)]
pub enum Handler<C, M> {
    /// One that waits for nothing, and answers as it is called.
    AtOnce(fn(&mut C, M, &mut Context<C>) -> Answer),
    /// One that may wait, with its future boxed.
    Waiting(for<'a> fn(&'a mut C, M, &'a mut Context<C>) -> Running<'a>),
}

/// A handler with its future boxed, waiting to be run.
pub(crate) type Running<'a> = BoxFuture<'a, Answer>;

/// A handler that has been called.
pub(crate) enum Called<'a> {
    Answered(Answer),
    Running(Running<'a>),
}

impl<C, M> Handler<C, M> {
    pub(super) fn may_wait(&self) -> bool {
        matches!(self, Self::Waiting(_))
    }

    #[inline]
    pub(super) fn call<'a>(
        &self,
        consumer: &'a mut C,
        message: M,
        ctx: &'a mut Context<C>,
    ) -> Called<'a> {
        match self {
            Self::AtOnce(call) => Called::Answered(call(consumer, message, ctx)),
            Self::Waiting(call) => Called::Running(call(consumer, message, ctx)),
        }
    }
}

/// The output of an async method that has no `.await`.
///
/// # Panics
///
/// Where it has one all the same.
#[inline]
pub fn at_once<F: Future>(called: F) -> F::Output {
    let output = called.now_or_never();
    output.expect("a method without an `.await` is done when it is polled")
}
