//! The TypeScript client where it is mostly used: in a page.

use serde_json::json;

use crate::{browser::Driver, page, process::Process};

#[tokio::test]
async fn the_page_of_the_document_offers_a_client() {
    let server = Process::example("showcase", 0);
    let driver = Driver::start();
    let browser = driver.browser().await;

    page::open(&browser, &server.url("/asyncapi")).await;

    browser
        .sees(".source a[download]", "TypeScript client")
        .await;
    browser.screenshot("asyncapi-client.png").await;
}

/// While they come, the page does something else for half a second.
#[tokio::test]
async fn ten_thousand_requests_of_a_busy_page_are_each_answered() {
    let server = Process::example("showcase", 0);
    let driver = Driver::start();
    let browser = driver.browser().await;
    browser.open(&server.url("/asyncapi")).await;

    let answers = r#"
        return import("/asyncapi/client.js").then(async ({ channels }) => {
            const system = channels().system();
            await system.settled();
            const asked = Array.from({ length: 10_000 }, (_, number) =>
                system.request("user_message", { message: `${number}` }, { timeout: 30_000 }));
            const busy = Date.now() + 500;
            while (Date.now() < busy);
            const answers = await Promise.all(asked);
            system.close();
            return [
                answers.filter(({ ok }) => ok).length,
                answers.every(({ payload }, number) => payload.message.endsWith(`: ${number}`)),
            ];
        })
    "#;
    assert_eq!(browser.run(answers).await, json!([10_000, true]));
}

/// A page that nobody sees leaves the server alone until it is looked at.
#[tokio::test]
async fn a_page_comes_back_when_it_is_seen() {
    let server = Process::example("showcase", 0);
    let port = server.port();
    let driver = Driver::start();
    let browser = driver.browser().await;
    browser.open(&server.url("/asyncapi")).await;
    let opened = r#"
        return import("/asyncapi/client.js").then(async ({ channels }) => {
            Object.defineProperty(document, "visibilityState", { get: () => window.seen ?? "visible" });
            window.chat = channels(undefined, { minDelay: 10 }).chat();
            return (await chat.settled()).state;
        })
    "#;
    assert_eq!(browser.run(opened).await, "open");

    browser.run("window.seen = 'hidden'").await;
    server.kill();
    let _server = Process::example("showcase", port);
    let waits = "return new Promise((done) => setTimeout(() => done(chat.status.state), 500))";
    assert_eq!(browser.run(waits).await, "waiting");

    let seen = r#"
        window.seen = "visible";
        document.dispatchEvent(new Event("visibilitychange"));
        return chat.settled().then(({ state }) => state);
    "#;
    assert_eq!(browser.run(seen).await, "open");
}
