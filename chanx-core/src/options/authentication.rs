//! The option for `authentication` frames.

/// The `authentication` frames, which tell the outcome of a handshake.
///
/// A browser's page cannot read the HTTP response that refuses a WebSocket.
/// A refusal after the upgrade costs a connection, but can be read: a frame
/// with status and detail, then the close code 4000 + status.
///
/// ```json
/// {"action": "authentication", "payload": {
///   "status_code": 401, "status_text": "Unauthorized", "data": {"detail": "unknown token"}}}
/// ```
///
/// What is refused before the extractors run stays an HTTP response: a foreign
/// origin, a full or closing server, a request that asks for no WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum AuthenticationFrames {
    /// Never: a refusal is an HTTP response.
    #[default]
    Off,
    /// A refusal by extractors or `connect` comes after the upgrade.
    OnRefusal,
    /// The same, and success is told too, before anything else is sent.
    Always,
}
