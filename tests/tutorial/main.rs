//! The tutorial and the quick start of the book, followed to the letter.
//!
//! ```text
//! docs/src/tutorial/*.md ─files────────▶ a crate outside of the repository ─cargo─▶ server
//!                        ─transcripts──▶ clients ◀──────────frames────────────────┘
//! ```
//!
//! Every file that a page shows is written, built without warnings and served;
//! what a page says that a reader will see in a terminal is what comes.

mod crates;
mod page;
mod player;
mod server;
mod transcript;

use crates::Crate;
use page::Page;
use player::Player;
use server::Server;

/// In the order of reading.
const PARTS: [&str; 6] = [
    "echo",
    "rooms",
    "authentication",
    "events",
    "testing",
    "topics",
];

#[tokio::test]
async fn part_1_echo() {
    follow(1).await;
}

#[tokio::test]
async fn part_2_rooms() {
    follow(2).await;
}

#[tokio::test]
async fn part_3_authentication() {
    follow(3).await;
}

#[tokio::test]
async fn part_4_events() {
    follow(4).await;
}

#[tokio::test]
async fn part_5_testing() {
    follow(5).await;
}

#[tokio::test]
async fn part_6_one_connection() {
    follow(6).await;
}

#[test]
fn quick_start() {
    let typed = Crate::write(page::quick_start().iter());

    typed.cargo(&["fmt", "--check"]);
    typed.cargo(&["build", "--offline"]);
    let printed = typed.cargo(&["test", "--offline"]);

    assert!(printed.contains("test result: ok. 1 passed"), "{printed}");
}

/// Types in everything up to a part, then tries what the part says.
async fn follow(part: usize) {
    let pages: Vec<_> = PARTS[..part].iter().map(|name| Page::read(name)).collect();
    let page = pages.last().expect("parts count from one");
    assert!(!page.transcripts.is_empty(), "there is nothing to try");

    let typed = Crate::write(pages.iter().flat_map(|page| &page.files));
    typed.cargo(&["fmt", "--check"]);
    typed.cargo(&["build", "--offline"]);

    for transcript in &page.transcripts {
        let server = Server::start(&typed);
        Player::new(&typed, &server).play(transcript).await;
    }
    let server = Server::start(&typed);
    for address in &page.addresses {
        let shown = server::shell(&server.here(&format!("curl -fsSL -b '' '{address}'"))).await;
        assert!(shown.contains("</html>"), "no page at {address}: {shown}");
    }
}
