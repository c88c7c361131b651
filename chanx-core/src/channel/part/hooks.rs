//! The hooks of a channel's parts.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, resume_unwind},
};

use futures_util::FutureExt;
use tracing::error;

use crate::{
    channel::{PartOf, served::Hook},
    connection::Disconnect,
    consumer::{Consumer, Context, HandlerError, Part},
    wire::Foreign,
};

type Connected<C> = dyn for<'a> Fn(&'a mut C, &'a mut Context<C>) -> Hook<'a> + Send + Sync;

type Disconnected<C> =
    dyn for<'a> Fn(&'a mut C, &'a mut Context<C>, Disconnect) -> Hook<'a> + Send + Sync;

/// The hooks of a channel's parts, in the order in which they connect.
pub(crate) struct PartHooks<C>(Vec<Hooks<C>>);

struct Hooks<C> {
    connected: Box<Connected<C>>,
    disconnected: Box<Disconnected<C>>,
}

impl<C: Send + 'static> PartHooks<C> {
    /// Adds the hooks of a part, and of the parts in it.
    pub(super) fn include<P: PartOf<C>>(&mut self, part: PartHooks<P>) {
        self.0.extend(part.0.into_iter().map(Hooks::within));
    }

    /// Adds the hooks of the part that these are of.
    pub(super) fn own(&mut self)
    where
        C: Part,
    {
        self.0.push(Hooks {
            connected: Box::new(|part, ctx| Box::pin(async { part.connected(ctx).await })),
            disconnected: Box::new(|part, ctx, why| {
                Box::pin(async { part.disconnected(ctx, why).await })
            }),
        });
    }
}

impl<C: Consumer> PartHooks<C> {
    /// Runs `connected` of each part, then of the consumer.
    ///
    /// # Errors
    ///
    /// That of the first that fails.
    pub(crate) async fn connected(
        &self,
        consumer: &mut C,
        ctx: &mut Context<C>,
    ) -> Result<(), HandlerError> {
        for part in &self.0 {
            (part.connected)(consumer, ctx).await?;
        }
        consumer.connected(ctx).await
    }

    /// Runs `disconnected` of the consumer and of each part, whatever becomes of the
    /// others.
    ///
    /// # Errors
    ///
    /// Those of all that fail, as one.
    pub(crate) async fn disconnected(
        &self,
        consumer: &mut C,
        ctx: &mut Context<C>,
        why: Disconnect,
    ) -> Result<(), HandlerError> {
        if self.0.is_empty() {
            return consumer.disconnected(ctx, why).await;
        }
        let mut ending = Disconnecting {
            parts: &self.0,
            consumer,
            ctx,
        };
        end_all(&mut ending, 1 + self.0.len(), &why).await
    }
}

/// The hooks of one consumer and its parts, whatever the consumer's type.
trait Ending: Send {
    /// Calls the `n`th `disconnected`; the first is the consumer's own.
    fn end(&mut self, n: usize, why: Disconnect) -> Hook<'_>;
}

struct Disconnecting<'a, C: Consumer> {
    parts: &'a [Hooks<C>],
    consumer: &'a mut C,
    ctx: &'a mut Context<C>,
}

impl<C: Consumer> Ending for Disconnecting<'_, C> {
    fn end(&mut self, n: usize, why: Disconnect) -> Hook<'_> {
        if n == 0 {
            return Box::pin(self.consumer.disconnected(self.ctx, why));
        }
        let part = &self.parts[self.parts.len() - n];
        (part.disconnected)(self.consumer, self.ctx, why)
    }
}

/// Runs so many hooks, one after the other. Each is called where a panic of it is caught.
///
/// Boxed, so that it is compiled here and not once more for each consumer.
fn end_all<'a>(ending: &'a mut dyn Ending, count: usize, why: &'a Disconnect) -> Hook<'a> {
    Box::pin(async move {
        let mut ends = Ends::default();
        for n in 0..count {
            let hook = async { ending.end(n, why.clone()).await };
            ends.of(Box::pin(hook)).await;
        }
        ends.told()
    })
}

impl<C> Hooks<C> {
    /// The hooks of the part `P`, or of a part in it, as those of what includes `P`.
    fn within<P: PartOf<C>>(part: Hooks<P>) -> Self {
        let Hooks {
            connected,
            disconnected,
        } = part;
        Self {
            connected: Box::new(move |whole, ctx| connected(P::of(whole), ctx.part())),
            disconnected: Box::new(move |whole, ctx, why| {
                disconnected(P::of(whole), ctx.part(), why)
            }),
        }
    }
}

impl<C> Default for PartHooks<C> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// How several hooks have ended.
#[derive(Default)]
struct Ends {
    failed: Option<HandlerError>,
    panicked: Option<Box<dyn Any + Send>>,
}

impl Ends {
    async fn of(&mut self, hook: Hook<'_>) {
        match AssertUnwindSafe(hook).catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                self.failed = Some(match self.failed.take() {
                    None => error,
                    Some(first) => {
                        HandlerError::internal(format!("{}; {}", first.chain(), error.chain()))
                    }
                });
            }
            Err(panic) => self.panicked = Some(panic),
        }
    }

    /// What the session is told, which logs it as it does of one hook.
    fn told(self) -> Result<(), HandlerError> {
        let failed = self.failed.map_or(Ok(()), Err);
        let Some(panic) = self.panicked else {
            return failed;
        };
        if let Err(error) = failed {
            let error = error.chain();
            error!(hook = "disconnected", error = %Foreign::prose(&error), "hook failed");
        }
        resume_unwind(panic)
    }
}
