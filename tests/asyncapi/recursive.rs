//! Types that contain themselves.

use chanx::{ChannelLayer, Channels, Connect, Consumer, Info, Message, channel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::request::read;

/// A list of lists, and so on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Tree {
    pub(crate) name: String,
    pub(crate) children: Vec<Self>,
    pub(crate) expression: Option<Box<Expression>>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
pub(crate) enum Expression {
    Not { of: Box<Self> },
    All { of: Vec<Self> },
    Leaf(Tree),
}

#[derive(Default, Connect, Consumer)]
pub(crate) struct Forest;

#[channel(name = "forest")]
impl Forest {
    #[ws_handler]
    async fn grow(&mut self, tree: Tree) -> Tree {
        tree
    }
}

pub(crate) fn channels() -> Channels {
    Channels::new(ChannelLayer::new())
        .route::<Forest>("/forest")
        .asyncapi(Info::new("Forest", "1.0.0").server("production", "wss://forest.example"))
}

#[test]
fn a_recursive_type_refers_to_itself() {
    let document = read(&channels().asyncapi_document());
    let schemas = &document["components"]["schemas"];

    assert_eq!(
        schemas["TreePayload"]["properties"]["children"]["items"]["$ref"],
        "#/components/schemas/TreePayload",
    );
    assert_eq!(
        schemas["Expression"]["oneOf"][1]["properties"]["of"]["items"]["$ref"],
        "#/components/schemas/Expression",
    );
    let leaf = &schemas["Expression"]["oneOf"][2];
    assert_eq!(leaf["properties"]["kind"]["const"], "Leaf");
    assert_eq!(leaf["properties"]["name"]["type"], "string");
}
