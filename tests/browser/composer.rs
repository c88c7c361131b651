//! The page's form: what is typed is what is sent, or the page says why not.

use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

use chanx::{ChannelLayer, Channels, Connect, Consumer, Info, Message, channel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, Driver},
    page::{connect, open, serve},
};

/// Numbers of every kind.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema, Message)]
#[message(example = Self { wide: 9_007_199_254_740_993, ..Self::default() })]
struct Numbers {
    wide: u64,
    small: u8,
    float: f64,
    #[serde(default)]
    list: Vec<i64>,
    #[serde(default)]
    map: BTreeMap<String, i64>,
    #[serde(default)]
    anything: Value,
}

/// A figure of one kind.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Figure {
    Round { radius: f64 },
    Square { width: f64, height: f64 },
}

/// What fills a figure.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Paint {
    Solid { shade: u8 },
    Striped { from: u8, to: u8 },
}

/// Draws.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Draw {
    figure: Figure,
    paint: Paint,
}

/// Has what people do not like to type.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Stamp {
    id: uuid::Uuid,
    at: chrono::DateTime<chrono::Utc>,
    day: chrono::NaiveDate,
    #[schemars(extend("examples" = ["tea"]))]
    word: String,
}

/// Has numbers on either side of zero.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Signed {
    short: i8,
    wide: i64,
    ratio: f32,
    #[schemars(range(min = 3))]
    above: i32,
    #[schemars(range(max = -3))]
    below: i32,
}

#[derive(Default, Connect, Consumer)]
struct Forms;

#[channel(name = "forms")]
impl Forms {
    #[ws_handler]
    async fn numbers(&mut self, _: Numbers) {}

    #[ws_handler]
    async fn draw(&mut self, _: Draw) {}

    #[ws_handler]
    async fn stamp(&mut self, _: Stamp) {}

    #[ws_handler]
    async fn signed(&mut self, _: Signed) {}
}

#[tokio::test]
async fn an_example_is_sent_to_the_last_digit() {
    let (_driver, browser) = connected().await;

    browser.choose("[data-role=message]", "numbers").await;
    let sent = sends(&browser).await;

    assert!(sent.contains(r#""wide":9007199254740993}"#), "{sent}");
    let shown = "return document.querySelector('[data-message=numbers] .example').open = true";
    browser.run(shown).await;
    browser.finds("[data-message=numbers] .example pre").await;
    let shown = "return document.querySelector('[data-message=numbers] .example pre').textContent";
    let shown = browser.run(shown).await;
    assert!(shown.as_str().unwrap().contains("9007199254740993"));
}

#[tokio::test]
async fn numbers_are_sent_as_they_are_typed() {
    let (_driver, browser) = connected().await;
    browser.choose("[data-role=message]", "numbers").await;

    for (field, typed) in [
        ("wide", "18446744073709551615"),
        ("wide", "1.0"),
        ("wide", "-0"),
        ("float", "1e22"),
        ("float", "-0.0"),
        ("float", "1E+300"),
        ("float", "0.1000000000000000055511151231257827"),
    ] {
        fill(&browser, field, typed).await;
        let sent = sends(&browser).await;
        let literal = sent.split_once(&format!(r#""{field}":"#)).unwrap().1;
        let literal = literal.split([',', '}']).next();
        assert_eq!(literal, Some(typed), "{sent}");
    }

    browser.click("[data-add='/payload/list']").await;
    fill(&browser, "list/0", "-9223372036854775808").await;
    browser.fill("[aria-label='New key of map']", "big").await;
    browser.click(".adder button").await;
    fill(&browser, "map/big", "9223372036854775807").await;
    fill(
        &browser,
        "anything",
        r#"{"deep": [1e400, 9007199254740993]}"#,
    )
    .await;
    let sent = sends(&browser).await;
    for part in [
        r#""list":[-9223372036854775808]"#,
        r#""map":{"big":9223372036854775807}"#,
        r#""anything":{"deep":[1e400,9007199254740993]}"#,
    ] {
        assert!(sent.contains(part), "{sent}");
    }
}

#[tokio::test]
async fn a_number_that_does_not_fit_is_told_beside_its_field() {
    let (_driver, browser) = connected().await;
    browser.choose("[data-role=message]", "numbers").await;

    for (field, typed, told) in [
        ("wide", "1.5", "must be integer"),
        ("wide", "-1", "must be at least 0"),
        ("wide", "seven", "must be integer"),
        ("small", "256", "must be at most 255"),
        ("small", "1e3", "must be at most 255"),
        ("float", "0x10", "must be number"),
        ("float", "Infinity", "must be number"),
        ("float", "1_000", "must be number"),
    ] {
        fill(&browser, field, typed).await;
        browser.click("[data-role=send]").await;
        let error = format!("[data-path='/payload/{field}'] > .error");
        browser.sees(&error, told).await;
        fill(&browser, field, "1").await;
    }
    let sent = "return document.querySelectorAll('[data-kind=sent]').length";
    assert_eq!(browser.run(sent).await, 0);
}

#[tokio::test]
async fn numbers_survive_from_the_text_to_the_form_and_back() {
    let (_driver, browser) = connected().await;
    let text = r#"{"action":"numbers","payload":{"wide":9007199254740995,"small":1,"float":1e22}}"#;

    browser.click("[data-role=mode-json]").await;
    browser.fill("[data-role=json]", text).await;
    browser.click("[data-role=mode-form]").await;
    fill(&browser, "small", "2").await;

    let sent = sends(&browser).await;
    assert_eq!(sent, text.replace(r#""small":1"#, r#""small":2"#));
}

#[tokio::test]
async fn a_variant_is_chosen_by_its_tag() {
    let (_driver, browser) = connected().await;
    browser.choose("[data-role=message]", "draw").await;
    browser.screenshot("asyncapi-variants.png").await;

    browser
        .choose("[data-variant='/payload/figure']", "square")
        .await;
    fill(&browser, "figure/width", "2").await;
    browser
        .choose("[data-variant='/payload/paint']", "striped")
        .await;

    let sent = sends(&browser).await;
    let sent: Value = serde_json::from_str(&sent).unwrap();
    let square = json!({ "kind": "square", "width": 2, "height": 0 });
    assert_eq!(sent["payload"]["figure"], square);
    let striped = json!({ "striped": { "from": 0, "to": 0 } });
    assert_eq!(sent["payload"]["paint"], striped);

    // What is wrong within a variant is told there, and not of all variants.
    fill(&browser, "paint/striped/to", "300").await;
    browser.click("[data-role=send]").await;
    let told = "[data-path='/payload/paint/striped/to'] > .error";
    browser.sees(told, "must be at most 255").await;
}

#[tokio::test]
async fn a_number_starts_as_near_to_zero_as_may_be() {
    let (_driver, browser) = connected().await;
    browser.choose("[data-role=message]", "signed").await;

    let sent: Value = serde_json::from_str(&sends(&browser).await).unwrap();

    let started = json!({ "short": 0, "wide": 0, "ratio": 0, "above": 3, "below": -3 });
    assert_eq!(sent["payload"], started);
}

#[tokio::test]
async fn what_nobody_likes_to_type_has_a_button() {
    let (_driver, browser) = connected().await;
    browser.choose("[data-role=message]", "stamp").await;
    let hint = |field: &str| {
        format!(
            "return document.querySelector(\"[data-path='/payload/{field}'] input\").placeholder"
        )
    };
    assert_eq!(browser.run(&hint("at")).await, "2026-01-01T12:00:00Z");
    assert_eq!(browser.run(&hint("day")).await, "2026-01-01");
    assert_eq!(browser.run(&hint("word")).await, "tea");

    for field in ["id", "at", "day"] {
        let fresh = format!("[data-fresh='/payload/{field}']");
        browser.click(&fresh).await;
    }
    browser.screenshot("asyncapi-fresh.png").await;
    browser.resize(500, 900).await;
    let width = "return document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(browser.run(width).await, true);

    let sent: Value = serde_json::from_str(&sends(&browser).await).unwrap();
    let stamp: Stamp = serde_json::from_value(sent["payload"].clone()).unwrap();
    assert_eq!(stamp.id.get_version_num(), 4);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let age = i64::try_from(now.as_secs()).unwrap() - stamp.at.timestamp();
    assert!((-5..300).contains(&age), "it is {age} seconds old");
    assert_eq!(stamp.day, stamp.at.date_naive());
}

#[tokio::test]
async fn the_list_has_each_message_once() {
    let (_driver, browser) = connected().await;

    let listed = "return [...document.querySelectorAll('#navigation li li a')]
        .map((link) => link.textContent)";

    let listed = browser.run(listed).await;
    assert_eq!(
        listed,
        json!(["numbers", "draw", "stamp", "signed", "error"])
    );
    browser.click("#navigation a[href$='/draw']").await;
    browser.finds("[data-message=draw].targeted").await;
    browser.fill("#search", "stamp").await;
    browser
        .sees("#navigation li li:not([hidden]) a", "stamp")
        .await;
    let left = "return document.querySelectorAll('#navigation li li:not([hidden])').length";
    assert_eq!(browser.run(left).await, 1);
}

/// A browser that is connected to the channel.
async fn connected() -> (Driver, Browser) {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Forms>("/forms")
        .asyncapi(Info::new("Forms", "1"));
    let url = serve(channels).await;
    let driver = Driver::start();
    let browser = driver.browser().await;
    browser.resize(1400, 1000).await;
    open(&browser, &format!("{url}/asyncapi")).await;
    connect(&browser).await;
    (driver, browser)
}

async fn fill(browser: &Browser, field: &str, text: &str) {
    let field = format!("[data-path='/payload/{field}'] [data-input]");
    browser.fill(&field, text).await;
}

/// Sends what is composed and gives the text that went out.
async fn sends(browser: &Browser) -> String {
    browser.click("[data-role=clear]").await;
    browser.click("[data-role=send]").await;
    browser.finds("[data-kind=sent] .preview").await;
    let text = "return document.querySelector('[data-kind=sent] .preview').textContent";
    let text = browser.run(text).await;
    text.as_str().expect("a frame is text").to_owned()
}
