//! The page of the document, as somebody who writes a client uses it.

use chanx::{ChannelLayer, Channels, Connect, Consumer, Info, Message, channel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    browser::Driver,
    page::{connect, open, received, send, serve},
    process::Process,
};

#[tokio::test]
async fn a_message_is_composed_sent_and_answered() {
    let server = Process::example("chat", 0);
    let driver = Driver::start();
    let browser = driver.browser().await;
    browser.resize(1400, 1000).await;
    open(&browser, &server.url("/asyncapi")).await;
    browser.screenshot("asyncapi.png").await;

    browser.fill(r#"[data-parameter="room"]"#, "lobby").await;
    browser.fill("[data-role=query]", "name=Ann").await;
    connect(&browser).await;
    send(&browser, "ping", None).await;
    received(&browser, "pong").await;
    send(&browser, "chat", Some("Can anybody read this?")).await;

    let line = received(&browser, "chat_notification").await;
    assert_eq!(
        line["payload"],
        json!({ "author": "Ann", "message": "Can anybody read this?" }),
    );
    browser.screenshot("asyncapi-live.png").await;
    browser.resize(500, 900).await;
    browser.screenshot("asyncapi-narrow.png").await;
    let width = "return document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(browser.run(width).await, true);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_long_log_scrolls_by_itself() {
    let server = Process::example("chat", 0);
    let driver = Driver::start();
    let browser = driver.browser().await;
    browser.resize(1400, 1000).await;
    open(&browser, &server.url("/asyncapi")).await;
    browser.fill(r#"[data-parameter="room"]"#, "lobby").await;
    browser.fill("[data-role=query]", "name=Ann").await;
    connect(&browser).await;

    send(&browser, "ping", None).await;
    let more = "for (let i = 1; i < 50; i += 1) document.querySelector('[data-role=send]').click()";
    browser.run(more).await;
    browser
        .sees("[data-role=log-count]", "101 of 101 shown")
        .await;

    let log = "const log = document.querySelector('[data-role=log]');
        return log.clientHeight < log.scrollHeight";
    assert_eq!(browser.run(log).await, true);
    let console = "const { clientHeight, scrollHeight } = document.querySelector('.console-body');
        return clientHeight === scrollHeight && clientHeight < innerHeight";
    assert_eq!(browser.run(console).await, true);
}

#[tokio::test]
async fn what_the_handshake_refuses_is_told() {
    let server = Process::example("chat", 0);
    let driver = Driver::start();
    let browser = driver.browser().await;
    browser.resize(1400, 1000).await;
    open(&browser, &server.url("/asyncapi")).await;

    let name = format!("name={}", "long".repeat(10));
    browser.fill(r#"[data-parameter="room"]"#, "lobby").await;
    browser.fill("[data-role=query]", &name).await;
    browser.click("[data-role=connect]").await;

    browser.finds("[data-role=log] [data-kind=failure]").await;
    browser.finds("[data-role=state][data-state=closed]").await;
    browser.finds(".connect [data-role=ended]").await;
    browser.screenshot("asyncapi-refused.png").await;
    let below = "const [button, reason] = ['connect', 'ended']
            .map((role) => document.querySelector(`[data-role=${role}]`).getBoundingClientRect());
        return reason.top - button.bottom";
    let below = browser.run(below).await.as_f64();
    assert!(
        below.is_some_and(|below| (0.0..40.0).contains(&below)),
        "the reason is {below:?} pixels below the button",
    );

    browser.fill("[data-role=query]", "name=Ann").await;
    connect(&browser).await;
    let gone = "return document.querySelector('[data-role=ended]').checkVisibility()";
    assert_eq!(browser.run(gone).await, false);
}

#[tokio::test]
async fn nothing_is_asked_of_another_host() {
    let server = Process::example("showcase", 0);
    let driver = Driver::start();
    let browser = driver.browser().await;
    browser.resize(1400, 1000).await;
    open(&browser, &server.url("/asyncapi")).await;
    browser.screenshot("asyncapi-showcase.png").await;

    let requests = browser.requests().await;

    assert!(requests.contains(&server.url("/asyncapi.json")));
    for request in requests {
        assert!(
            request.starts_with(&server.url("/")),
            "{request} is asked for"
        );
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test]
async fn hostile_texts_stay_texts() {
    let url = hostile_server().await;
    let driver = Driver::start();
    let browser = driver.browser().await;
    browser.resize(1400, 1000).await;
    open(&browser, &format!("{url}/asyncapi")).await;
    browser.sees("section[data-channel] p", MARKUP).await;
    let script = r#"</script><script>window.pwned = "type"</script>"#;
    browser.sees("[data-message=hostile] > p", script).await;

    connect(&browser).await;
    send(&browser, "hostile", Some(MARKUP)).await;

    let echo = received(&browser, "hostile").await;
    assert_eq!(echo["payload"]["message"], MARKUP);
    browser.screenshot("asyncapi-hostile.png").await;
    assert_eq!(
        browser.run("return window.pwned ?? null").await,
        Value::Null
    );
    assert_eq!(browser.run(INJECTED).await, json!([]));
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

const MARKUP: &str = r#""'`</script><img src="x" onerror="window.pwned = 'markup'"><b>&amp;"#;

/// Elements that only a text that is no text could have made.
const INJECTED: &str = r#"
    const injected = 'img, iframe, body script, [onerror], [onclick], a[href^="javascript" i]';
    return [...document.querySelectorAll(injected)].map((element) => element.outerHTML);
"#;

/// </script><script>window.pwned = "type"</script>
///
/// <img src=x onerror="window.pwned = 'paragraph'">
///
/// - [a link](javascript:window.pwned='link') and `<b onclick="1">code</b>`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[schemars(title = "<iframe src='javascript:window.pwned=1'>")]
struct Hostile {
    /// <img src=x onerror="window.pwned = 'field'"> "quoted" 'single'
    message: String,
}

#[derive(Default, Connect, Consumer)]
struct Breakout;

#[channel(
    name = "breakout",
    description = r#""'`</script><img src="x" onerror="window.pwned = 'markup'"><b>&amp;"#,
    tags = ["<img src=x onerror='window.pwned=1'>"]
)]
impl Breakout {
    /// </script><script>window.pwned = "handler"</script>
    #[ws_handler]
    async fn hostile(&mut self, hostile: Hostile) -> Hostile {
        hostile
    }
}

/// Serves channels whose every text tries to be more than text.
async fn hostile_server() -> String {
    let info = Info::new(
        "</title><script>window.pwned = 'title'</script>",
        "1\"2'<b>",
    );
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Breakout>("/breakout")
        .asyncapi(info.description(MARKUP));
    serve(channels).await
}
