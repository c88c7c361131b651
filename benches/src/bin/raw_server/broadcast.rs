//! `/ws/broadcast/{group}`: every message goes to all members of the group,
//! who sent it included. `/ws/broadcast` is one such group.

use std::ops::ControlFlow;

use axum::{
    extract::{
        Path, State,
        ws::{Message as Frame, Utf8Bytes, WebSocket, WebSocketUpgrade},
    },
    response::Response,
};
use tokio::{
    select,
    sync::broadcast::{Receiver, Sender, error::RecvError},
};

use crate::{App, groups::Groups, message::Message};

pub(crate) async fn upgrade_to_lobby(state: State<App>, socket: WebSocketUpgrade) -> Response {
    upgrade(Path("lobby".to_owned()), state, socket).await
}

pub(crate) async fn upgrade(
    Path(group): Path<String>,
    State(app): State<App>,
    upgrade: WebSocketUpgrade,
) -> Response {
    app.read_buffer
        .apply(upgrade)
        .on_upgrade(move |socket| member(socket, group, app.groups))
}

async fn member(socket: WebSocket, group: String, groups: Groups) {
    let (sender, receiver) = groups.join(&group);
    relay(socket, sender, receiver).await;
    groups.leave(&group);
}

async fn relay(
    mut socket: WebSocket,
    sender: Sender<Utf8Bytes>,
    mut receiver: Receiver<Utf8Bytes>,
) {
    loop {
        let flow = select! {
            frame = socket.recv() => match frame {
                Some(Ok(frame)) => on_frame(frame, &mut socket, &sender).await,
                Some(Err(_)) | None => ControlFlow::Break(()),
            },
            text = receiver.recv() => on_text(text, &mut socket).await,
        };
        if flow.is_break() {
            return;
        }
    }
}

async fn on_frame(
    frame: Frame,
    socket: &mut WebSocket,
    sender: &Sender<Utf8Bytes>,
) -> ControlFlow<()> {
    let Frame::Text(text) = frame else {
        return ControlFlow::Continue(());
    };
    match Message::decode(&text) {
        message @ Message::Broadcast { .. } => {
            if let Ok(text) = message.encode() {
                // It fails when nobody listens, but this member does.
                let _ = sender.send(text);
            }
            ControlFlow::Continue(())
        }
        Message::Echo { .. } | Message::Error { .. } => match Message::unexpected().encode() {
            Ok(text) => send(text, socket).await,
            Err(_) => ControlFlow::Continue(()),
        },
    }
}

async fn on_text(text: Result<Utf8Bytes, RecvError>, socket: &mut WebSocket) -> ControlFlow<()> {
    match text {
        Ok(text) => send(text, socket).await,
        Err(RecvError::Lagged(missed)) => {
            tracing::warn!(missed, "member lags behind");
            ControlFlow::Continue(())
        }
        Err(RecvError::Closed) => ControlFlow::Break(()),
    }
}

async fn send(text: Utf8Bytes, socket: &mut WebSocket) -> ControlFlow<()> {
    match socket.send(Frame::Text(text)).await {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    }
}
