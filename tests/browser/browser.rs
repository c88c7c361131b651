//! Headless Chromium, driven as a person would drive it.

use std::{
    fs,
    io::{self, Read, Write},
    net::TcpStream,
    panic::Location,
    path::Path,
    process::Command,
};

use axum::http::Method;
use fantoccini::{
    Client, ClientBuilder, Locator,
    key::Key,
    wd::{Capabilities, WebDriverCompatibleCommand},
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::{ParseError, Url};

use crate::process::{Process, build_folder};

/// A chromedriver of its own, which ends every browser it started when dropped.
pub(crate) struct Driver {
    process: Process,
    /// Removed last, when no browser writes to it any more.
    profiles: TempDir,
}

impl Driver {
    pub(crate) fn start() -> Self {
        Self {
            process: Process::start(
                Command::new("chromedriver").arg("--port=0"),
                "started successfully on port ",
            ),
            profiles: TempDir::with_prefix("chanx-browser-").expect("a folder for profiles"),
        }
    }

    /// Opens a browser that has never been used before.
    pub(crate) async fn browser(&self) -> Browser {
        let profile = TempDir::new_in(&self.profiles).expect("a folder for a profile");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(&profile.keep()))
            .connect(&self.process.url("/"))
            .await
            .expect("chromedriver opens a browser");
        Browser { client }
    }

    /// Asks chromedriver to end its browsers, which killing it would not do.
    fn shut_down(&mut self) -> io::Result<()> {
        let mut socket = TcpStream::connect(("127.0.0.1", self.process.port()))?;
        socket.write_all(b"GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")?;
        let _ = socket.read(&mut [0; 512])?;
        self.process.wait()?;
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Err(error) = self.shut_down() {
            eprintln!("chromedriver does not shut down: {error}");
        }
    }
}

fn capabilities(profile: &Path) -> Capabilities {
    let profile = format!("--user-data-dir={}", profile.display());
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1100,800",
        &profile,
    ];
    let mut capabilities = Capabilities::new();
    capabilities.insert("browserName".into(), json!("chrome"));
    capabilities.insert("goog:chromeOptions".into(), json!({ "args": arguments }));
    capabilities.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
    capabilities
}

/// One person's browser, with one page open.
pub(crate) struct Browser {
    client: Client,
}

impl Browser {
    pub(crate) async fn open(&self, url: &str) {
        self.client.goto(url).await.expect("the page loads");
    }

    /// Goes away, as when the window is closed.
    pub(crate) async fn close(self) {
        self.client.close().await.expect("the browser closes");
    }

    /// Types into the first element that `css` selects, in place of what is there.
    pub(crate) async fn fill(&self, css: &str, text: &str) {
        let field = self.client.find(Locator::Css(css)).await;
        let field = field.unwrap_or_else(|error| panic!("no `{css}` to type into: {error}"));
        field.clear().await.expect("the field can be emptied");
        field.send_keys(text).await.expect("the field takes text");
    }

    /// Types into the first element that `css` selects, then presses Enter.
    pub(crate) async fn enter(&self, css: &str, text: &str) {
        let enter = char::from(Key::Enter);
        self.fill(css, &format!("{text}{enter}")).await;
    }

    /// Clicks on the first element that `css` selects.
    pub(crate) async fn click(&self, css: &str) {
        let element = self.client.find(Locator::Css(css)).await;
        let element = element.unwrap_or_else(|error| panic!("no `{css}` to click on: {error}"));
        let clicked = element.click().await;
        clicked.unwrap_or_else(|error| panic!("`{css}` takes no click: {error}"));
    }

    /// Chooses what reads `text` in the first list that `css` selects.
    pub(crate) async fn choose(&self, css: &str, text: &str) {
        let list = self.client.find(Locator::Css(css)).await;
        let list = list.unwrap_or_else(|error| panic!("no `{css}` to choose in: {error}"));
        let chosen = list.select_by_label(text).await;
        chosen.unwrap_or_else(|error| panic!("`{css}` offers no {text:?}: {error}"));
    }

    /// Waits until an element that `css` selects can be seen.
    ///
    /// # Panics
    ///
    /// As [`sees`](Self::sees) does.
    #[track_caller]
    pub(crate) fn finds(&self, css: &str) -> impl Future<Output = ()> {
        self.looks(css, None, Location::caller())
    }

    /// Waits until an element that `css` selects can be seen and reads `text`.
    ///
    /// # Panics
    ///
    /// At the caller's line, when that has not happened within the driver's
    /// thirty seconds.
    #[track_caller]
    pub(crate) fn sees(&self, css: &str, text: &str) -> impl Future<Output = ()> {
        self.looks(css, Some(text), Location::caller())
    }

    async fn looks(&self, css: &str, text: Option<&str>, caller: &Location<'_>) {
        let arguments = vec![json!(css), json!(text)];
        if let Err(error) = self.client.execute_async(SEES, arguments).await {
            let page = self.run("return document.body.innerText").await;
            let wanted = text.map_or("can be seen".to_owned(), |text| format!("reads {text:?}"));
            panic!("{caller}: no `{css}` {wanted}: {error}\nthe page:\n{page}");
        }
    }

    /// Runs a script in the page and returns what it returns.
    pub(crate) async fn run(&self, script: &str) -> Value {
        let result = self.client.execute(script, Vec::new()).await;
        result.unwrap_or_else(|error| panic!("`{script}` fails: {error}"))
    }

    /// The addresses of everything that the page has asked for.
    pub(crate) async fn requests(&self) -> Vec<String> {
        let entries = "return performance.getEntries().map(({ name }) => name)
            .filter((name) => name.includes('://'))";
        serde_json::from_value(self.run(entries).await).expect("names are strings")
    }

    /// The errors on the page's console.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let log = self.client.issue_cmd(ConsoleLog).await;
        let log = log.expect("chromedriver gives the console's log");
        let entries = log.as_array().into_iter().flatten();
        entries
            .filter(|entry| entry["level"] == "SEVERE")
            .map(|entry| entry["message"].to_string())
            .collect()
    }

    pub(crate) async fn resize(&self, width: u32, height: u32) {
        let resized = self.client.set_window_size(width, height).await;
        resized.expect("the window takes a size");
    }

    /// Leaves a picture of the window in the build folder.
    pub(crate) async fn screenshot(&self, name: &str) {
        let picture = self.client.screenshot().await.expect("a screenshot");
        let folder = build_folder().join("../screenshots");
        fs::create_dir_all(&folder).expect("a folder for screenshots");
        fs::write(folder.join(name), picture).expect("the screenshot is written");
    }
}

/// Looks again whenever the page changes, and never in between.
const SEES: &str = r"
    const [css, text, done] = arguments;
    const seen = () => [...document.querySelectorAll(css)]
        .some((element) => (text ?? element.textContent) === element.textContent && element.checkVisibility());
    if (seen()) return done();
    new MutationObserver((_, observer) => {
        if (!seen()) return;
        observer.disconnect();
        done();
    }).observe(document, { attributes: true, characterData: true, childList: true, subtree: true });
";

/// Chromedriver's own command for the lines of the browser's console.
#[derive(Debug)]
struct ConsoleLog;

impl WebDriverCompatibleCommand for ConsoleLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = json!({ "type": "browser" });
        (Method::POST, Some(body.to_string()))
    }
}
