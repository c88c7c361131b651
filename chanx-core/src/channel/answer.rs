//! What came of a handler.

use crate::{
    consumer::{Context, Frames, HandlerError, Replies, Reply},
    wire::complete_frame,
};

/// The outcome of a handler: encoded replies, or its error.
#[derive(Debug)]
pub struct Answer(pub(crate) Result<Frames, Box<HandlerError>>);

impl Answer {
    /// The outcome of a handler that answers nothing.
    pub(crate) const NOTHING: Self = Self(Ok(Frames::Few(None)));
}

/// Encodes what a handler has returned.
pub fn answer<C, R: Reply>(reply: R, ctx: &Context<C>) -> Answer {
    let member = ctx.member();
    let mut replies = Replies::to(ctx.correlation(), member.counters());
    let frames = reply.encode(&mut replies).map(|()| replies.into_frames());
    Answer(match frames.map_err(Box::new) {
        // A stream of nothing, which is complete; with completion frames each message is.
        Ok(Frames::Few(None))
            if R::MAY_STREAM && ctx.request_ref().is_some() && !member.sends_completions() =>
        {
            Ok(Frames::Few(Some(complete_frame(ctx.correlation()))))
        }
        frames => frames,
    })
}
