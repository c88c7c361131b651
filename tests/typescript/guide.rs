//! The code of the guide, as the page has it.

use std::{fs, path::Path};

use chanx::{
    ChannelLayer, Channels, Connect, Consumer, Info, Message, Ping, Pong, Streamed, channel,
};
use futures_util::stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::tools::Folder;

/// What the page's code has from elsewhere.
const BESIDES: &str = "\
declare const session: { token(): Promise<string> };
declare const signal: AbortSignal;
declare function show(text: string, mine?: boolean): void;
declare function mark(violations: { loc: (string | number)[] }[]): void;
declare function warn(what: unknown): void;
declare function write(text: string): void;
declare function move(piece: number, to: string): void;
declare const render: (status: ConnectionStatus) => void;
";

#[derive(Serialize, Deserialize, JsonSchema, Message)]
struct Say {
    text: String,
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
struct Said {
    text: String,
}

#[derive(Default, Connect, Consumer)]
struct Room;

#[channel(name = "room", sends(Said))]
impl Room {
    #[ws_handler]
    async fn say(&self, _: Say) {}

    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
struct Prompt {
    text: String,
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
struct Token(String);

#[derive(Default, Connect, Consumer)]
struct Assistant;

#[channel(name = "assistant")]
impl Assistant {
    #[ws_handler]
    async fn prompt(&self, Prompt { text }: Prompt) -> Streamed<Token> {
        Streamed::new(stream::iter([Token(text)]))
    }
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
struct Move {
    piece: u8,
    to: String,
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
struct Moved {
    piece: u8,
    to: String,
}

#[derive(Consumer)]
struct Board;

#[channel(name = "board", sends(Moved))]
impl Board {
    #[ws_handler]
    async fn r#move(&self, Move { piece, to }: Move) -> Moved {
        Moved { piece, to }
    }
}

#[derive(Default, Connect, Consumer)]
struct Hub;

#[channel(name = "hub")]
impl Hub {
    #[topic("board:{id}")]
    async fn board(&mut self, _: u32) -> Board {
        Board
    }
}

fn channels() -> Channels {
    Channels::new(ChannelLayer::new())
        .route::<Room>("/ws/room/{room}")
        .route::<Assistant>("/ws/assistant")
        .route::<Hub>("/ws/hub")
        .asyncapi(Info::new("Chat", "1.0.0"))
}

/// The blocks of a language, in their order.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let parts = page.split(&fence).skip(1);
    parts
        .map(|part| part.split_once("```").unwrap().0.to_owned())
        .collect()
}

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/guides/typescript.md");
    fs::read_to_string(path).unwrap()
}

#[test]
fn what_the_page_shows_compiles() {
    let folder = Folder::new("guide");
    let client = channels().typescript_client();
    folder.write("client.ts", &client.typescript());
    let blocks = blocks(&page(), "ts");
    assert!(blocks.len() >= 6, "{}", blocks.len());
    let (first, others) = blocks.split_first().unwrap();
    let head = "import type { ConnectionStatus } from \"./client.ts\";\n";
    // Each block has names of its own, and those of the first.
    let others = others.iter().map(|block| format!("{{\n{block}}}\n"));
    let others: String = others.collect();
    let code = format!("{head}{BESIDES}{first}\nconst assistant = chat.assistant();\n{others}");
    folder.write("page.ts", &code);

    folder.compile(
        &["page.ts"],
        json!({ "noEmit": true, "lib": ["ES2022", "DOM"] }),
    );
}

#[test]
fn its_react_compiles() {
    let folder = Folder::new("guide-react");
    let client = channels().typescript_client();
    folder.write("client.ts", &client.typescript());
    let blocks = blocks(&page(), "tsx");
    folder.write("lines.tsx", &blocks.concat());

    folder.compile(
        &["lines.tsx"],
        json!({ "noEmit": true, "jsx": "react-jsx", "lib": ["ES2022", "DOM"], "types": ["react"] }),
    );
}

/// The script of the plain page, with the JavaScript and what declares it.
#[test]
fn its_plain_page_is_checked() {
    let folder = Folder::new("guide-page");
    let client = channels().typescript_client();
    folder.write("client.js", &client.javascript());
    folder.write("client.d.ts", &client.declarations());
    let blocks = blocks(&page(), "html");
    let (_, script) = blocks[0].split_once("<script type=\"module\">").unwrap();
    let (script, _) = script.split_once("</script>").unwrap();
    let script = script.replace("/asyncapi/client.js", "./client.js");
    folder.write("page.js", &script);

    folder.compile(
        &["page.js"],
        json!({ "noEmit": true, "allowJs": true, "checkJs": true, "lib": ["ES2022", "DOM"] }),
    );
}
