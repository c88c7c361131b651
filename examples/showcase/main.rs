//! Eight channels in one application, each showing one idea.
//!
//! ```text
//! cargo run --example showcase              PORT=8000 chooses another port than 3000
//!                                           RUST_LOG=debug tells more
//!
//! system.rs         /ws/system              what a handler returns is the answer
//! chat.rs           /ws/chat                a group, broadcasts, events from outside
//! reliable.rs       /ws/reliable            the same again: groups belong to a channel
//! notifications.rs  /ws/notifications       one event, handled by several consumers
//! analytics.rs      /ws/analytics           any JSON beside what is typed
//! room.rs           /ws/room/{room_name}    the request decides the group
//! jobs/             /ws/background_jobs     work that is done elsewhere
//! topics.rs         /ws/topics              many streams on one connection
//! events.rs         /events/{channel}       events that come as JSON
//!                   /asyncapi               the document of it all
//! ```

mod analytics;
mod app;
mod chat;
mod events;
mod extra;
mod jobs;
#[path = "../chat/logging.rs"]
mod logging;
mod notice;
mod notifications;
mod page;
mod reliable;
mod room;
#[path = "../chat/serve.rs"]
mod serve;
mod shutdown;
mod system;
#[cfg(test)]
mod tests;
mod topics;

use std::{env, error::Error};

use app::App;
use chanx::{ChannelLayer, ChannelOptions};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    logging::init()?;
    let port = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let url = format!("http://{}", listener.local_addr()?);

    // For clients that wait for the end of what they have caused, such as tests.
    let completion_frames = env::var("CHANX_COMPLETION").is_ok_and(|on| on == "1");
    let options = ChannelOptions::default().completion_frames(completion_frames);
    let layer = ChannelLayer::new();
    let App {
        router,
        control,
        worker,
    } = App::new(layer, options);

    println!("the showcase is at {url}");
    println!("open it in two windows, or tell everyone in the chat something:");
    println!(
        r#"  curl {url}/events/chat --json '{{"event": {{"action": "system_notify", "payload": "hello"}}}}'"#
    );
    let stop = async move {
        shutdown::requested().await;
        control.shutdown().await;
    };
    serve::serve(listener, async |socket| Ok(socket), router, stop).await;
    worker.done().await;
    Ok(())
}
