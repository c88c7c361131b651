//! The topics of the document's page, as somebody who writes a client uses them.

use chanx::{
    Broadcaster, ChannelLayer, Channels, Connect, Consumer, Context, HandlerError, Info, Message,
    Rejection, channel,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    browser::{Browser, Driver},
    page::{open, serve},
};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Say {
    text: String,
}

#[derive(Default, Connect, Consumer)]
struct Hub;

#[channel(name = "hub")]
impl Hub {
    /// Follow a room.
    #[topic("room:{house}:{room}")]
    async fn room(&mut self, (house, _): (String, String)) -> Result<Room, Rejection> {
        match house.as_str() {
            "closed" => Err(Rejection::forbidden("members only")),
            _ => Ok(Room),
        }
    }

    /// Follow a cellar.
    ///
    /// It is a room by now.
    #[topic("cellar:{cellar}")]
    #[deprecated]
    async fn cellar(&mut self, cellar: String) -> Room {
        drop(cellar);
        Room
    }
}

#[derive(Consumer)]
struct Room;

#[channel(name = "room", sends(Say))]
impl Room {
    #[ws_handler]
    async fn say(&mut self, say: Say, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        ctx.broadcast(say).await?;
        Ok(())
    }
}

/// A page with a hub, and who tells its rooms.
async fn page(driver: &Driver) -> (Browser, Broadcaster<Room>) {
    let layer = ChannelLayer::new();
    let rooms = Broadcaster::new(&layer);
    let channels: Channels = Channels::new(layer)
        .route::<Hub>("/hub")
        .asyncapi(Info::new("Rooms", "1.0.0"));
    let url = serve(channels).await;
    let browser = driver.browser().await;
    browser.resize(1400, 1000).await;
    open(&browser, &format!("{url}/asyncapi")).await;
    (browser, rooms)
}

/// What is selected in the console of the topic.
fn inside(css: &str) -> String {
    format!("section[data-channel=hub_room] {css}")
}

async fn subscribe(browser: &Browser, house: &str, room: &str) {
    for (parameter, value) in [("house", house), ("room", room)] {
        let field = inside(&format!("[data-topic-parameter={parameter}]"));
        browser.fill(&field, value).await;
    }
    browser.click(&inside("[data-role=subscribe]")).await;
}

async fn say(browser: &Browser, text: &str) {
    let field = inside(r#"[data-path="/payload/text"] [data-input]"#);
    browser.fill(&field, text).await;
    browser.click(&inside("[data-role=send]")).await;
}

#[tokio::test]
async fn a_topic_is_described_in_the_words_of_its_method() {
    let driver = Driver::start();
    let (browser, _) = page(&driver).await;

    let cellar = |css: &str| format!("section[data-channel=hub_cellar] .about {css}");
    browser.sees(&cellar(".lead"), "Follow a cellar.").await;
    browser
        .sees(&cellar(".lead + p"), "It is a room by now.")
        .await;
    browser.sees(&cellar(".deprecated"), "deprecated").await;
    browser.sees("nav .deprecated", "hub_cellar").await;
    browser.sees(&inside(".lead"), "Follow a room.").await;
    let marked = "return document.querySelectorAll('.about .deprecated').length";
    assert_eq!(browser.run(marked).await, 1);
}

#[tokio::test]
async fn what_the_hub_sends_too_is_described_there_alone() {
    let driver = Driver::start();
    let (browser, _) = page(&driver).await;

    let described = "return [...document.querySelectorAll('.message[data-message=error_message]')]
        .map((one) => one.closest('section.channel').dataset.channel)";
    assert_eq!(browser.run(described).await, json!(["hub"]));
    browser
        .click(&inside(".again a[href$=error_message]"))
        .await;
    browser
        .finds("section[data-channel=hub] .message:target")
        .await;
    // What a client sends is there wherever it is sent.
    browser.finds(&inside(".message[data-message=say]")).await;
    browser
        .finds("section[data-channel=hub_cellar] .message[data-message=say]")
        .await;
}

#[tokio::test]
async fn topics_are_subscribed_to_spoken_in_and_left() {
    let driver = Driver::start();
    let (browser, _) = page(&driver).await;

    // The hub's connection is opened for the first.
    subscribe(&browser, "mine", "kitchen").await;
    browser
        .sees(&inside("[data-role=state]"), "1 subscribed")
        .await;
    subscribe(&browser, "mine", "tea room").await;
    browser
        .sees(&inside("[data-role=state]"), "2 subscribed")
        .await;
    browser
        .click(&inside(r#"[data-topic="room:mine:tea room"] input"#))
        .await;
    say(&browser, "is there tea?").await;

    let heard = inside("[data-kind=received][data-action=say]");
    browser
        .sees(&format!("{heard} .topic"), "room:mine:tea room")
        .await;
    browser.screenshot("asyncapi-topics.png").await;

    browser.click(&inside("[data-role=unsubscribe]")).await;
    browser
        .sees(&inside("[data-role=state]"), "1 subscribed")
        .await;
    let left = "return document.querySelectorAll('[data-role=subscriptions] li').length";
    assert_eq!(browser.run(left).await, 1);

    browser
        .click("section[data-channel=hub] [data-role=connect]")
        .await;
    browser
        .sees(&inside("[data-role=state]"), "disconnected")
        .await;
    assert_eq!(browser.run(left).await, 0);
    say(&browser, "to nobody").await;
    browser
        .sees(&inside(".said"), "Not sent: subscribe first")
        .await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test]
async fn refusals_and_ends_are_shown_where_they_were_set_off() {
    let driver = Driver::start();
    let (browser, rooms) = page(&driver).await;

    subscribe(&browser, "closed", "cellar").await;
    let refused = "room:closed:cellar: unauthorized, members only";
    browser.sees(&inside("[data-role=ended]"), refused).await;
    browser.finds(&inside("[data-kind=error]")).await;

    subscribe(&browser, "mine", "kitchen").await;
    browser
        .sees(&inside("[data-role=state]"), "1 subscribed")
        .await;
    let told = inside("[data-role=ended]");
    let told = format!("return document.querySelector('{told}').checkVisibility()");
    assert_eq!(browser.run(&told).await, false);
    let end = rooms
        .unsubscribe("archived", "gone")
        .to("room:mine:kitchen");
    assert_eq!(end.await.expect("it is told").reached, 1);

    let ended = "room:mine:kitchen: archived, gone";
    browser.sees(&inside("[data-role=ended]"), ended).await;
    browser
        .sees(&inside("[data-role=state]"), "connected")
        .await;
}
