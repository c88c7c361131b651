//! `/ws/echo`: every message goes back to who sent it.

use axum::{
    extract::{
        State,
        ws::{Message as Frame, WebSocket, WebSocketUpgrade},
    },
    response::Response,
};

use crate::{App, message::Message};

pub(crate) async fn upgrade(State(app): State<App>, upgrade: WebSocketUpgrade) -> Response {
    app.read_buffer.apply(upgrade).on_upgrade(echo)
}

async fn echo(mut socket: WebSocket) {
    while let Some(Ok(frame)) = socket.recv().await {
        let Frame::Text(text) = frame else { continue };
        let answer = match Message::decode(&text) {
            echo @ Message::Echo { .. } => echo,
            Message::Broadcast { .. } | Message::Error { .. } => Message::unexpected(),
        };
        let Ok(text) = answer.encode() else { continue };
        if socket.send(Frame::Text(text)).await.is_err() {
            return;
        }
    }
}
