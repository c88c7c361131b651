//! Errors of an application's own types: the error that a client reads, and the line in the log.

use std::{
    borrow::Cow,
    error::Error,
    fmt,
    io::{self, ErrorKind},
};

use axum::{Router, http::Uri};
use chanx::{
    ChannelLayer, Channels, Connect, Consumer, Context, Failure, HandlerError, Message, Rejection,
    channel, wire::Payload,
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::logs::Log;

/// What may become of a ticket.
#[derive(Debug)]
enum TicketError {
    SoldOut { seats: u32 },
    Busy(io::Error),
    Printer(io::Error),
}

impl fmt::Display for TicketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SoldOut { seats } => write!(f, "all {seats} seats are sold"),
            Self::Busy(_) => f.write_str("the till is busy"),
            Self::Printer(_) => f.write_str("the printer does not print"),
        }
    }
}

impl Error for TicketError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::SoldOut { .. } => None,
            Self::Busy(error) | Self::Printer(error) => Some(error),
        }
    }
}

impl Failure for TicketError {
    fn detail(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::SoldOut { .. } | Self::Busy(_) => Some(self.to_string().into()),
            Self::Printer(_) => None,
        }
    }

    fn reason(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::SoldOut { .. } => Some("sold_out".into()),
            Self::Busy(_) | Self::Printer(_) => None,
        }
    }
}

/// Not an error for Rust, and yet one for the client.
struct Refusal(&'static str);

impl From<Refusal> for HandlerError {
    fn from(refusal: Refusal) -> Self {
        Self::client(refusal.0)
    }
}

fn sell(what: &str) -> Result<(), TicketError> {
    Err(match what {
        "sold out" => TicketError::SoldOut { seats: 12 },
        "busy" => TicketError::Busy(io::Error::other("lock poisoned")),
        _ => TicketError::Printer(io::Error::other("out of paper")),
    })
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Own {
    what: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Asked {
    what: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Boxed {
    what: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Anyhow {
    what: String,
}

#[derive(Debug)]
struct Till {
    opens: &'static str,
}

impl Connect for Till {
    type Handshake = Uri;

    async fn connect(uri: Uri) -> Result<Self, Rejection> {
        let opens = match uri.path() {
            "/monday" => "well",
            _ => "sold out",
        };
        Ok(Self { opens })
    }
}

impl Consumer for Till {
    async fn connected(&mut self, _: &mut Context<Self>) -> Result<(), HandlerError> {
        if self.opens != "well" {
            sell(self.opens)?;
        }
        Ok(())
    }
}

#[channel(name = "till")]
impl Till {
    #[ws_handler]
    async fn own(&mut self, own: Own) -> Result<(), TicketError> {
        sell(&own.what)
    }

    #[ws_handler]
    async fn asked(&mut self, asked: Asked) -> Result<(), HandlerError> {
        if asked.what == "refused" {
            return Err(Refusal("not today").into());
        }
        if asked.what.starts_with('[') {
            Payload::from_json(&asked.what)?.decode::<Vec<u8>>()?;
        }
        if asked.what == "text" {
            return Err(HandlerError::internal("no such shard"));
        }
        sell(&asked.what)?;
        Ok(())
    }

    #[ws_handler]
    async fn boxed(&mut self, boxed: Boxed) -> Result<(), Box<dyn Error + Send + Sync>> {
        if boxed.what == "told" {
            Err(HandlerError::client("in so many words").with_reason("told"))?;
        }
        Err(boxed.what)?
    }

    #[ws_handler]
    async fn anyhow(&mut self, anyhow: Anyhow) -> Result<(), HandlerError> {
        let anything = || -> anyhow::Result<()> { Err(io::Error::from(ErrorKind::TimedOut))? };
        anything()
            .map_err(|error| error.context(anyhow.what))
            .map_err(HandlerError::internal)
    }
}

async fn till(path: &str) -> Communicator<Till> {
    let channels: Channels = Channels::new(ChannelLayer::new()).route::<Till>("/{day}");
    Communicator::connect(&Router::from(channels), path).await
}

/// The error that a client reads, and the lines that are logged of it.
async fn answer(action: &str, what: &str) -> (Value, Vec<String>) {
    let log = Log::default();
    let _listening = log.listen();
    let mut till = till("/monday").await;
    till.send_json(json!({"action": action, "payload": {"what": what}}))
        .await;
    let answer = till.receive_json().await;
    assert_eq!(answer["action"], "error");
    (answer["payload"].clone(), log.lines("handler "))
}

#[tokio::test(start_paused = true)]
async fn an_error_chooses_what_the_client_reads_of_it() {
    let expected = json!({"detail": "all 12 seats are sold", "reason": "sold_out"});

    assert_eq!(answer("own", "sold out").await.0, expected);
    assert_eq!(answer("asked", "sold out").await.0, expected);

    let neutral = json!({"detail": "Failed to process message for own"});
    assert_eq!(answer("own", "printer").await.0, neutral);
}

#[tokio::test(start_paused = true)]
async fn a_hook_fails_with_an_error_that_chooses_too() {
    let log = Log::default();
    let _listening = log.listen();
    let mut till = till("/sunday").await;

    let answer = till.receive_json().await;

    assert_eq!(answer["payload"]["reason"], "sold_out");
    assert_eq!(till.closed().await.code, 1011);
    let lines = log.lines("hook refused");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("DEBUG"), "{lines:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_no_error_may_convert_into_one() {
    let (payload, _) = answer("asked", "refused").await;

    assert_eq!(payload, json!({"detail": "not today"}));
}

#[tokio::test(start_paused = true)]
async fn whatever_can_be_boxed_is_internal() {
    let neutral = |action| json!({"detail": format!("Failed to process message for {action}")});

    let (payload, log) = answer("asked", "text").await;
    assert_eq!(payload, neutral("asked"));
    assert!(log[0].contains(r#"error="no such shard""#), "{log:?}");

    let (payload, log) = answer("anyhow", "while printing").await;
    assert_eq!(payload, neutral("anyhow"));
    assert!(
        log[0].contains(r#"error="while printing: timed out""#),
        "{log:?}"
    );

    let (payload, log) = answer("boxed", "a secret").await;
    assert_eq!(payload, neutral("boxed"));
    assert!(log[0].contains(r#"error="a secret""#), "{log:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_with_json_from_elsewhere_is_internal() {
    for (json, logged) in [
        ("[1, -2]", r#"error="1: the number is too small""#),
        ("[1, ", r#"error="not valid JSON""#),
    ] {
        let (payload, log) = answer("asked", json).await;

        assert_eq!(
            payload,
            json!({"detail": "Failed to process message for asked"})
        );
        assert!(log[0].contains(logged), "{log:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_meant_for_the_client_survives_a_box() {
    let (payload, _) = answer("boxed", "told").await;

    let expected = json!({"detail": "in so many words", "reason": "told"});
    assert_eq!(payload, expected);
}

#[tokio::test(start_paused = true)]
async fn a_users_mistake_is_logged_at_debug() {
    for (action, what) in [("own", "sold out"), ("asked", "refused"), ("boxed", "told")] {
        let (_, log) = answer(action, what).await;

        assert_eq!(log.len(), 1, "{log:?}");
        assert!(log[0].contains("DEBUG"), "{log:?}");
        assert!(log[0].contains("handler refused"), "{log:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_an_operator_should_know_is_logged_at_warn_with_what_is_behind_it() {
    let (payload, log) = answer("own", "busy").await;
    assert_eq!(payload, json!({"detail": "the till is busy"}));
    assert!(log[0].contains("WARN"), "{log:?}");
    assert!(
        log[0].contains(r#"error="the till is busy: lock poisoned""#),
        "{log:?}"
    );

    let (_, log) = answer("own", "printer").await;
    assert!(log[0].contains("WARN"), "{log:?}");
    let expected = r#"error="the printer does not print: out of paper""#;
    assert!(log[0].contains(expected), "{log:?}");
}
