//! Topics in the document.

use chanx::{
    Info,
    asyncapi::Document,
    describe::{ChannelDescription, Documented},
};
use serde_json::{Value, json};

use crate::hub::Hub;

#[test]
fn p34_a_topic_is_a_channel_of_its_own_at_the_address_of_its_connection() {
    let hub = Documented::new("/hub", ChannelDescription::of::<Hub>());

    let document = Document::new(Info::new("Topics", "1.0.0"), &[hub]).to_json();

    let document: Value = serde_json::from_str(&document).unwrap();
    let channels = &document["channels"];
    let book = &channels["hub_book"];
    assert_eq!(
        (&book["title"], &book["address"]),
        (&json!("hub_book"), &json!("/hub"))
    );
    let topic = json!({
        "name": "book",
        "pattern": "book:{book}:{page}",
        "parameters": ["book", "page"],
    });
    assert_eq!(book["x-topic"], topic);
    assert_eq!(
        book["messages"]["said"]["$ref"],
        "#/components/messages/said"
    );
    assert_eq!(channels["hub"].get("x-topic"), None);
    assert_eq!(channels["hub"]["address"], "/hub");
}
