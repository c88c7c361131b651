//! The consumer that everything is tried on.

use std::{
    future::pending,
    sync::Arc,
    time::{Duration, SystemTime},
};

use axum::extract::{FromRef, Path, State};
use chanx::{
    ChannelLayer, Connect, Consumer, Context, Disconnect, Event, HandlerError, Message, Rejection,
    UserKey, channel, wire::ErrorPayload,
};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use tokio::{
    sync::{Notify, mpsc::UnboundedSender},
    task::{coop::consume_budget, yield_now},
};

/// The state of the laboratory's application.
#[derive(Clone, FromRef)]
pub(crate) struct App {
    pub(crate) layer: ChannelLayer,
    pub(crate) notes: UnboundedSender<String>,
    /// Ends the wait of handlers of `hold`.
    pub(crate) release: Arc<Notify>,
}

/// Asks for the same text again.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Echo {
    pub(crate) text: String,
}

/// A line for the client.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Line {
    pub(crate) number: u64,
    pub(crate) text: String,
}

impl Line {
    pub(crate) fn of(number: u64, bytes: usize) -> Self {
        Self {
            number,
            text: "x".repeat(bytes),
        }
    }
}

/// Asks for lines, sent one by one.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Stream {
    lines: u64,
    bytes: usize,
}

/// Asks for lines as one reply.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Reply {
    lines: u64,
    bytes: usize,
}

/// Asks for four lines: one that is sent, one that is published, one that is sent, and the
/// answer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Mixed {
    first: u64,
    bytes: usize,
    /// True to let others have their turn between these.
    yields: bool,
}

/// Asks for lines, each sent by a task of its own; every other one gives up.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Tasks {
    lines: u64,
    bytes: usize,
}

/// Asks for a handler that never ends.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Hang;

/// Asks for a handler that never ends, and never pauses either.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Spin;

/// Asks for a handler that joins without end.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct JoinAgain;

/// Asks for a handler that ends when the test says so.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Hold;

/// Asks for a handler that fails.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Fail;

/// Asks for a handler that panics.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Crash;

/// Is not answered.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Ignore;

/// Panics while serde reads it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Poison {
    value: Poisonous,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Poisonous(String);

impl<'de> Deserialize<'de> for Poisonous {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        panic!("poison")
    }
}

/// Asks for the connection to be closed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Leave {
    code: u16,
}

/// An event that becomes a line.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
pub(crate) struct Tick {
    pub(crate) number: u64,
}

/// An event that panics: when it is handled, or when it is copied.
#[derive(Debug, Serialize, Deserialize, Event)]
pub(crate) struct Bomb {
    pub(crate) copied: bool,
}

impl Clone for Bomb {
    fn clone(&self) -> Self {
        assert!(!self.copied, "copied");
        Self {
            copied: self.copied,
        }
    }
}

/// One connection of the laboratory. What goes wrong is chosen by the path.
pub(crate) struct Lab {
    mode: String,
    app: App,
}

impl Lab {
    fn note(&self, note: impl Into<String>) {
        let _ = self.app.notes.send(note.into());
    }

    fn panic_in(&self, place: &str) {
        assert_ne!(self.mode, format!("panic-{place}"), "as asked for");
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.note("dropped");
    }
}

/// Notes that a handler was dropped before it was done.
struct Cancelled(UnboundedSender<String>);

impl Drop for Cancelled {
    fn drop(&mut self) {
        let _ = self.0.send("cancelled".to_owned());
    }
}

impl Connect for Lab {
    type Handshake = (State<App>, Path<String>);

    async fn connect((State(app), Path(mode)): Self::Handshake) -> Result<Self, Rejection> {
        let lab = Self { mode, app };
        lab.panic_in("connect");
        Ok(lab)
    }
}

impl Consumer for Lab {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        ctx.join("joined").await?;
        self.note("connected");
        self.panic_in("connected");
        match self.mode.as_str() {
            "fail-connected" => Err(HandlerError::client("not today")),
            "hang-connected" => pending().await,
            _ => Ok(()),
        }
    }

    // Not an `async fn`, so that it panics before there is a future.
    fn disconnected(
        &mut self,
        _ctx: &mut Context<Self>,
        why: Disconnect,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send {
        self.note(format!("disconnected {}", why.code()));
        self.panic_in("disconnected");
        let mode = self.mode.clone();
        let cancelled = self.app.notes.clone();
        async move {
            match mode.as_str() {
                "fail-disconnected" => Err(HandlerError::client("not today")),
                "hang-disconnected" => {
                    let _cancelled = Cancelled(cancelled);
                    pending().await
                }
                "late-panic-disconnected" => panic!("as asked for"),
                _ => Ok(()),
            }
        }
    }

    fn identity(&self) -> Option<UserKey> {
        self.panic_in("identity");
        Some("ann".into())
    }

    fn expires_at(&self) -> Option<SystemTime> {
        (self.mode == "expiring").then(|| SystemTime::now() + Duration::from_secs(60))
    }

    fn render_error(&self, error: ErrorPayload) -> ErrorPayload {
        self.panic_in("render_error");
        error
    }
}

#[channel(name = "lab", groups = ["all"], sends(Line))]
impl Lab {
    #[ws_handler]
    async fn echo(&self, message: Echo) -> Echo {
        message
    }

    #[ws_handler]
    async fn stream(&mut self, asked: Stream, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        for number in 0..asked.lines {
            ctx.send(Line::of(number, asked.bytes)).await?;
        }
        Ok(())
    }

    #[ws_handler]
    async fn reply(&mut self, asked: Reply) -> Vec<Line> {
        (0..asked.lines)
            .map(|number| Line::of(number, asked.bytes))
            .collect()
    }

    #[ws_handler]
    async fn mixed(&mut self, asked: Mixed, ctx: &mut Context<Self>) -> Result<Line, HandlerError> {
        let Mixed {
            first,
            bytes,
            yields,
        } = asked;
        ctx.send(Line::of(first, bytes)).await?;
        if yields {
            yield_now().await;
        }
        let published = ctx.broadcast(Line::of(first + 1, bytes)).to("all");
        published.await.map_err(HandlerError::internal)?;
        if yields {
            yield_now().await;
        }
        ctx.send(Line::of(first + 2, bytes)).await?;
        Ok(Line::of(first + 3, bytes))
    }

    #[ws_handler]
    async fn tasks(&mut self, asked: Tasks, ctx: &mut Context<Self>) {
        for number in 0..asked.lines {
            let (handle, notes) = (ctx.handle(), self.app.notes.clone());
            tokio::spawn(async move {
                let sent = handle.send(Line::of(number, asked.bytes));
                if number % 2 == 0 {
                    let sent = sent.await;
                    let _ = notes.send(format!("sent {}", sent.is_ok()));
                } else {
                    let patience = Duration::from_millis(100);
                    let sent = tokio::time::timeout(patience, sent).await;
                    let _ = notes.send(format!("in time {}", sent.is_ok()));
                }
            });
        }
    }

    #[ws_handler]
    async fn hang(&mut self, _: Hang) {
        let _cancelled = Cancelled(self.app.notes.clone());
        self.note("hanging");
        pending::<()>().await;
    }

    #[ws_handler]
    async fn spin(&mut self, _: Spin) {
        let _cancelled = Cancelled(self.app.notes.clone());
        self.note("spinning");
        loop {
            consume_budget().await;
        }
    }

    #[ws_handler]
    async fn join_again(
        &mut self,
        _: JoinAgain,
        ctx: &mut Context<Self>,
    ) -> Result<(), HandlerError> {
        let _cancelled = Cancelled(self.app.notes.clone());
        self.note("joining");
        loop {
            ctx.join("again").await?;
        }
    }

    #[ws_handler]
    async fn hold(&mut self, _: Hold) {
        self.note("holding");
        self.app.release.notified().await;
    }

    #[ws_handler]
    async fn fail(&mut self, _: Fail) -> Result<(), HandlerError> {
        Err(HandlerError::client("as asked for"))
    }

    #[ws_handler]
    async fn crash(&mut self, _: Crash) {
        panic!("as asked for");
    }

    #[ws_handler]
    async fn ignore(&mut self, _: Ignore) {}

    #[ws_handler]
    async fn poison(&mut self, _: Poison) {}

    #[ws_handler]
    async fn leave(&mut self, asked: Leave, ctx: &mut Context<Self>) {
        ctx.close(asked.code, "as asked for");
    }

    #[event_handler]
    async fn tick(&mut self, tick: Tick) -> Line {
        Line::of(tick.number, 0)
    }

    #[event_handler]
    async fn bomb(&mut self, _: Bomb) {
        panic!("bomb");
    }
}
