//! Texts and types that try to break out of the document.

use axum::Router;
use chanx::{ChannelLayer, Channels, Connect, Consumer, Docs, Info, Message, channel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::request::{get, read};

/// </script><script>alert(1)</script> "quoted" 'single' \ back
///
/// - `{{document}}` *and* `$ref: "#/components"` \u{0}
/// - emoji 🦀 and `"""`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Hostile {
    /// "{\"$ref\": \"#/x\"}"
    reference: String,
    /// : - # | > & * ! % @ `
    #[serde(default = "default")]
    yaml: String,
}

fn default() -> String {
    "yes: [no]\n# \"'".to_owned()
}

/// Takes the names of JSON Schema's own words.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Schema {
    #[serde(rename = "$ref")]
    reference: String,
    properties: Properties,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Properties {
    #[serde(rename = "$ref")]
    reference: String,
}

#[derive(Default, Connect, Consumer)]
struct Words;

#[channel(name = "words")]
impl Words {
    #[ws_handler]
    async fn schema(&mut self, _: Schema) {}
}

#[derive(Default, Connect, Consumer)]
pub(crate) struct Breakout;

#[channel(name = "breakout", description = "</script><!-- \"'` -->", tags = ["<b>", "{{assets}}"])]
impl Breakout {
    /// {{document}} </script>
    ///
    /// ```json
    /// {"a": "\u0000"}
    /// ```
    #[ws_handler]
    async fn hostile(&mut self, hostile: Hostile) -> Hostile {
        hostile
    }
}

pub(crate) fn channels() -> Channels {
    Channels::new(ChannelLayer::new())
        .route::<Breakout>("/breakout")
        .asyncapi(Info::new("</title><script>", "1\"2").server("production", "wss://chat.example"))
}

#[tokio::test]
async fn no_text_of_the_application_stands_in_the_page() {
    let app = Router::from(channels());

    let page = get(&app, "/asyncapi").await.body;

    assert!(!page.contains("alert(1)"));
    assert!(!page.contains("</title><script>"));
}

#[tokio::test]
async fn a_hostile_path_is_escaped_in_the_page() {
    let docs = Docs::new(Info::new("Breakout", "1")).json_at("/\"><script>'&.json");
    let app = Router::from(channels().asyncapi(docs));

    let page = get(&app, "/asyncapi").await.body;

    assert!(page.contains(r#"content="./&quot;&gt;&lt;script&gt;&#39;&amp;.json""#));
}

#[test]
fn texts_arrive_as_they_were_written() {
    let document = read(&channels().asyncapi_document());

    assert_eq!(document["info"]["title"], "</title><script>");
    assert_eq!(
        document["channels"]["breakout"]["description"],
        "</script><!-- \"'` -->",
    );
    let hostile = &document["components"]["messages"]["hostile"];
    assert_eq!(
        hostile["description"],
        "</script><script>alert(1)</script> \"quoted\" 'single' \\ back\n\n\
         - `{{document}}` *and* `$ref: \"#/components\"` \\u{0}\n\
         - emoji 🦀 and `\"\"\"`",
    );
}

#[test]
fn defaults_arrive_as_they_were_written() {
    let document = read(&channels().asyncapi_document());

    let payload = &document["components"]["schemas"]["HostilePayload"];
    assert_eq!(payload["properties"]["yaml"]["default"], "yes: [no]\n# \"'");
}

#[test]
fn fields_named_like_words_of_json_schema_are_fields() {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Words>("/words")
        .asyncapi(Info::new("Words", "1"));

    let document = read(&channels.asyncapi_document());

    let payload = &document["components"]["schemas"]["SchemaPayload"];
    assert_eq!(payload["properties"]["$ref"], json!({ "type": "string" }));
    assert_eq!(
        payload["properties"]["properties"],
        json!({ "$ref": "#/components/schemas/Properties" }),
    );
}
