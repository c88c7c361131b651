//! The chat example, as two people use it.

use axum::{
    body::Body,
    http::{Request, StatusCode, header::CONTENT_TYPE},
};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::json;

use crate::{
    browser::{Browser, Driver},
    process::Process,
    redis::Redis,
};

#[tokio::test]
async fn two_people_talk_and_hear_an_announcement() {
    let server = Process::example("chat", 0);
    let driver = Driver::start();
    let (ann, ben) = two_people(&driver, &server).await;

    say(&ann, "Hello Ben, can you read this?").await;
    ben.sees(".said .text", "Hello Ben, can you read this?")
        .await;

    say(&ben, "Every word. Who else is here?").await;
    ann.sees(".said .text", "Every word. Who else is here?")
        .await;

    announce(&server, "The room closes at six.").await;
    ann.sees(".announced", "The room closes at six.").await;
    ben.sees(".announced", "The room closes at six.").await;

    say(&ann, "Then let us be quick.").await;
    ann.sees(".said.mine .text", "Then let us be quick.").await;
    ann.screenshot("chat.png").await;
    ann.resize(500, 800).await;
    ann.screenshot("chat-narrow.png").await;

    for person in [&ann, &ben] {
        assert_eq!(person.complaints().await, Vec::<String>::new());
        for request in person.requests().await {
            assert!(
                request.starts_with(&server.url("/")),
                "{request} is asked for"
            );
        }
    }

    ben.close().await;
    ann.sees(".went", "Ben left").await;
}

#[tokio::test]
async fn two_processes_are_one_chat() {
    let redis = Redis::start();
    let here = Process::example_with("chat", 0, &[("REDIS_URL", &redis.url())]);
    let there = Process::example_with("chat", 0, &[("REDIS_URL", &redis.url())]);
    let driver = Driver::start();
    let (ann, ben) = tokio::join!(driver.browser(), driver.browser());
    come_in(&ann, &here.url("/"), "Ann").await;
    come_in(&ben, &there.url("/"), "Ben").await;
    ann.sees(".came", "Ben joined").await;

    say(&ann, "Which process are you at?").await;
    ben.sees(".said .text", "Which process are you at?").await;
    say(&ben, "Another one").await;
    ann.sees(".said .text", "Another one").await;
    announce(&here, "The room closes at six.").await;
    ben.sees(".announced", "The room closes at six.").await;

    ben.close().await;
    ann.sees(".went", "Ben left").await;
}

#[tokio::test]
async fn markup_stays_text() {
    let server = Process::example("chat", 0);
    let driver = Driver::start();
    let (ann, ben) = two_people(&driver, &server).await;
    let markup = r#"<b>&"</script><img src=x onerror=alert(1)>"#;

    say(&ann, markup).await;
    ann.sees(".said .text", markup).await;
    ben.sees(".said .text", markup).await;
    announce(&server, markup).await;
    ben.sees(".announced", markup).await;

    let elements = "return document.querySelectorAll('.text *, .announced *').length";
    assert_eq!(ann.run(elements).await, 0);
    assert_eq!(ben.run(elements).await, 0);
}

#[tokio::test]
async fn a_crash_of_the_server_interrupts_the_talk_and_no_more() {
    let server = Process::example("chat", 0);
    let driver = Driver::start();
    let (ann, ben) = two_people(&driver, &server).await;
    let port = server.port();

    server.kill();
    ann.sees("#state", LOST).await;
    ben.sees("#state", LOST).await;
    ann.fill("#line", "Are you back?").await;

    let _server = Process::example("chat", port);
    ann.sees("#state", "Connected").await;
    ben.sees("#state", "Connected").await;

    ann.enter("#line", "Are you back?").await;
    ben.sees(".said .text", "Are you back?").await;
    say(&ben, "As if nothing had happened").await;
    ann.sees(".said .text", "As if nothing had happened").await;
}

#[tokio::test]
async fn the_server_ends_when_asked_although_people_are_connected() {
    let server = Process::example("chat", 0);
    let driver = Driver::start();
    let (ann, ben) = two_people(&driver, &server).await;

    let status = server.terminate();

    assert!(status.success(), "{status}");
    ann.sees("#state", LOST).await;
    ben.sees("#state", LOST).await;
}

const LOST: &str = "Connection lost, reconnecting…";

/// Ann and Ben, both in the lobby.
async fn two_people(driver: &Driver, server: &Process) -> (Browser, Browser) {
    let (ann, ben) = tokio::join!(driver.browser(), driver.browser());
    come_in(&ann, &server.url("/"), "Ann").await;
    come_in(&ben, &server.url("/room/lobby"), "Ben").await;
    ann.sees(".came", "Ben joined").await;
    (ann, ben)
}

/// Opens the page and answers who one is.
async fn come_in(browser: &Browser, url: &str, name: &str) {
    browser.open(url).await;
    browser.sees("#who-title", "Come in").await;
    browser.enter("#name", name).await;
    browser.sees("#state", "Connected").await;
    browser.sees(".here", "You are in lobby").await;
}

async fn say(browser: &Browser, line: &str) {
    browser.enter("#line", line).await;
}

/// Posts an announcement for the lobby, as a job or another service would.
async fn announce(server: &Process, message: &str) {
    let body = json!({ "room": "lobby", "message": message });
    let request = Request::post(server.url("/announce"))
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .expect("the request is well-formed");
    let response = Client::builder(TokioExecutor::new())
        .build_http()
        .request(request)
        .await
        .expect("the server answers");
    assert_eq!(response.status(), StatusCode::ACCEPTED);
}
