//! A reader's commands in terminals, and their output.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::ClientRequestBuilder},
};

use crate::{
    crates::Crate,
    server::{Server, shell},
    transcript::{Line, Transcript, Wscat},
};

/// The time that a frame may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// Without an action, so that every channel answers with this error.
const LAST: &str = "{}";
const ANSWER_TO_LAST: &str = "union_tag_not_found";

pub(crate) struct Player<'a> {
    typed: &'a Crate,
    server: &'a Server,
    clients: BTreeMap<String, WebSocketStream<TcpStream>>,
    /// Lines that commands have printed, and the page has not shown yet.
    printed: VecDeque<String>,
}

impl<'a> Player<'a> {
    pub(crate) fn new(typed: &'a Crate, server: &'a Server) -> Self {
        Self {
            typed,
            server,
            clients: BTreeMap::new(),
            printed: VecDeque::new(),
        }
    }

    pub(crate) async fn play(mut self, transcript: &Transcript) {
        for line in &transcript.0 {
            println!("{line:?}");
            match line {
                Line::Print(expected) => self.see(expected),
                Line::Connect(name, wscat) => self.connect(name, wscat).await,
                Line::Run(command) => self.run(command).await,
                Line::Type(name, text) => self.send(name, text).await,
                Line::Read(name, expected) => assert_eq!(self.receive(name).await, *expected),
                Line::Leave(name) => self.leave(name).await,
            }
        }
        self.see_no_more().await;
    }

    async fn connect(&mut self, name: &str, wscat: &Wscat) {
        self.nothing_is_left();
        let uri = self.server.here(&wscat.url).parse().expect("an address");
        let request = wscat
            .headers
            .iter()
            .fold(ClientRequestBuilder::new(uri), |request, (name, value)| {
                request.with_header(name, value)
            });
        let stream = TcpStream::connect(self.server.address()).await;
        match client_async(request, stream.expect("a server")).await {
            Ok((client, _)) => _ = self.clients.insert(name.to_owned(), client),
            Err(Error::Http(response)) => self.printed.push_back(format!(
                "error: Unexpected server response: {}",
                response.status().as_u16()
            )),
            Err(error) => panic!("{error}"),
        }
    }

    async fn run(&mut self, command: &str) {
        self.nothing_is_left();
        let printed = match command.strip_prefix("cargo ") {
            Some(arguments) => {
                let mut arguments: Vec<_> = arguments.split(' ').collect();
                arguments.push("--offline");
                results(&self.typed.cargo(&arguments))
            }
            None => shell(&self.server.here(command)).await,
        };
        self.printed.extend(printed.lines().map(ToOwned::to_owned));
    }

    async fn send(&mut self, name: &str, text: &str) {
        let client = self.clients.get_mut(name).expect("a client");
        client
            .send(Message::text(text))
            .await
            .expect("a connection");
    }

    async fn receive(&mut self, name: &str) -> String {
        let client = self.clients.get_mut(name).expect("a client");
        loop {
            let frame = timeout(PATIENCE, client.next()).await;
            let frame = frame.unwrap_or_else(|_| panic!("nothing comes to {name:?}"));
            match frame.expect("an open connection").expect("a frame") {
                Message::Text(text) => return text.to_string(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?} comes to {name:?}"),
            }
        }
    }

    /// Once the server has closed too, the others have been told.
    async fn leave(&mut self, name: &str) {
        let mut client = self.clients.remove(name).expect("a client");
        client.close(None).await.expect("a connection");
        while let Some(Ok(frame)) = client.next().await {
            assert!(!frame.is_text(), "{name:?} also reads {frame}");
        }
    }

    fn see(&mut self, expected: &str) {
        assert_eq!(self.printed.pop_front().as_deref(), Some(expected));
    }

    fn nothing_is_left(&self) {
        assert!(
            self.printed.is_empty(),
            "the page leaves out {:?}",
            self.printed
        );
    }

    /// Makes sure that the page has told everything.
    async fn see_no_more(mut self) {
        self.nothing_is_left();
        let names: Vec<_> = self.clients.keys().cloned().collect();
        for name in names {
            self.send(&name, LAST).await;
            let last = self.receive(&name).await;
            assert!(last.contains(ANSWER_TO_LAST), "{name:?} also reads {last}");
        }
    }
}

/// The lines of `cargo test` that a page shows.
fn results(printed: &str) -> String {
    let count = |line: &&str| line.starts_with("running") && !line.ends_with(" 0 tests");
    let result = |line: &&str| line.starts_with("test result") && !line.contains(" 0 passed");
    let shown = printed.lines().filter(|line| count(line) || result(line));
    let short = shown.map(|line| line.split("; 0 ignored").next().unwrap_or(line));
    short.map(|line| format!("{line}\n")).collect()
}
