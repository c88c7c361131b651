//! The showcase's page, as somebody who tries everything uses it.

use crate::{
    browser::{Browser, Driver},
    process::Process,
};

#[tokio::test]
async fn every_channel_answers() {
    let server = Process::example("showcase", 0);
    let driver = Driver::start();
    let browser = connected(&driver, &server).await;

    for (card, words, answer) in [
        ("system", "hello", "🔧 System Echo: hello"),
        ("chat", "hello", "💬 hello"),
        ("room_chat", "hello", "💬 hello"),
        (
            "background_jobs",
            "hello",
            "🌍 Translated: 'hello' → 'hola'",
        ),
        ("notifications", "hello", "🔔 Notification: hello"),
        ("analytics", "page_view", "📊 Analytics: page_view"),
        ("reliable_chat", "hello", "📨 hello"),
        ("topic_room", "hello", "hello"),
        ("events", "The room closes at six", "taken"),
    ] {
        browser
            .enter(&format!("#{card} fieldset input"), words)
            .await;
        browser
            .sees(&format!("#{card} .received span"), answer)
            .await;
    }
    browser
        .sees("#chat .received span", "The room closes at six")
        .await;

    browser.screenshot("showcase.png").await;
    browser.resize(500, 900).await;
    browser.screenshot("showcase-narrow.png").await;
    let width = "return document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(browser.run(width).await, true);

    assert_eq!(browser.complaints().await, Vec::<String>::new());
    for request in browser.requests().await {
        assert!(
            request.starts_with(&server.url("/")),
            "{request} is asked for"
        );
    }
}

#[tokio::test]
async fn a_room_is_left_for_another() {
    let server = Process::example("showcase", 0);
    let driver = Driver::start();
    let (ann, ben) = tokio::join!(connected(&driver, &server), connected(&driver, &server));

    ann.enter("#room_chat > form input", "tea & cake").await;
    ben.sees("#room_chat .received span", "👋 Someone left room 'lobby'")
        .await;

    ben.enter("#room_chat > form input", "tea & cake").await;
    ann.sees(
        "#room_chat .received span",
        "🚪 Someone joined room 'tea & cake'",
    )
    .await;
}

#[tokio::test]
async fn a_topic_is_left_for_another_on_the_same_connection() {
    let server = Process::example("showcase", 0);
    let driver = Driver::start();
    let (ann, ben) = tokio::join!(connected(&driver, &server), connected(&driver, &server));

    ann.enter("#topic_room fieldset input", "to the lobby")
        .await;
    ben.sees("#topic_room .received span", "to the lobby").await;

    ann.enter("#topic_room > form input", "tea & cake").await;
    ann.sees("#topic_room .path", "room:tea & cake").await;
    ann.finds("#topic_room .state[data-state=open]").await;
    ben.enter("#topic_room > form input", "tea & cake").await;
    ben.finds("#topic_room .state[data-state=open]").await;
    ann.enter("#topic_room fieldset input", "is there tea?")
        .await;
    ben.sees("#topic_room .received span", "is there tea?")
        .await;
    assert_eq!(ann.complaints().await, Vec::<String>::new());
}

#[tokio::test]
async fn markup_and_what_is_no_json_stay_where_they_are() {
    let server = Process::example("showcase", 0);
    let driver = Driver::start();
    let browser = connected(&driver, &server).await;
    let markup = r#"<b>&"</script><img src=x onerror=alert(1)>"#;

    browser.enter("#chat fieldset input", markup).await;
    browser
        .sees("#chat .received span", &format!("💬 {markup}"))
        .await;
    let elements = "return document.querySelectorAll('.log span *').length";
    assert_eq!(browser.run(elements).await, 0);

    browser.fill("#analytics input[name=event]", "click").await;
    browser.enter("#analytics input[name=data]", "{no").await;
    let refused = "return document.querySelector('#analytics [name=data]').validationMessage";
    assert_eq!(browser.run(refused).await, "This has to be JSON");
}

/// A browser in which every channel is connected.
async fn connected(driver: &Driver, server: &Process) -> Browser {
    let browser = driver.browser().await;
    browser.open(&server.url("/")).await;
    browser.sees("#connected", "8 of 8 connected").await;
    browser
}
