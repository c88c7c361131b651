//! Helpers that drive the document's page in a browser.

use axum::Router;
use chanx::Channels;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::browser::Browser;

/// Serves channels for as long as the test runs, and gives their URL.
pub(crate) async fn serve(channels: Channels) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a port is free");
    let address = listener.local_addr().expect("the listener has an address");
    tokio::spawn(async { axum::serve(listener, Router::from(channels)).await });
    format!("http://{address}")
}

/// Opens the page and waits until everything is drawn.
pub(crate) async fn open(browser: &Browser, url: &str) {
    browser.open(url).await;
    browser.finds("#content[data-state=ready]").await;
}

pub(crate) async fn connect(browser: &Browser) {
    browser.click("[data-role=connect]").await;
    browser.finds("[data-role=state][data-state=open]").await;
}

/// Sends a message by its form, with `text` where it takes one.
pub(crate) async fn send(browser: &Browser, action: &str, text: Option<&str>) {
    browser.choose("[data-role=message]", action).await;
    if let Some(text) = text {
        let field = r#"[data-path="/payload/message"] [data-input]"#;
        browser.fill(field, text).await;
    }
    browser.click("[data-role=send]").await;
}

/// Waits for a frame in the log and gives what it says.
pub(crate) async fn received(browser: &Browser, action: &str) -> Value {
    let frame = format!("[data-kind=received][data-action={action}] .preview");
    browser.finds(&frame).await;
    let read = format!("return JSON.parse(document.querySelector('{frame}').textContent)");
    browser.run(&read).await
}
