//! What is counted of subscriptions.

use chanx::Broadcaster;
use chanx_testing::Communicator;

use crate::hub::{App, Room, subscribe};

/// The subscriptions and connections of a channel.
fn counted(app: &App, channel: &str) -> (u64, u64) {
    let stats = app.control.stats();
    let found = stats.channels.iter().find(|(name, _)| *name == channel);
    found.map_or((0, 0), |(_, stats)| {
        (stats.subscriptions, stats.connections)
    })
}

#[tokio::test(start_paused = true)]
async fn subscriptions_are_counted_by_the_channel_of_their_consumer() {
    let app = App::new();
    let mut ada = app.connect().await;
    let mut bob = app.connect().await;
    for topic in ["room:1", "room:2", "book:dune:7"] {
        subscribe(&mut ada, topic).await;
    }
    subscribe(&mut bob, "room:1").await;
    let on_its_own = Communicator::<Room>::connect(&app.router, "/rooms/1").await;

    assert_eq!(counted(&app, "hub"), (0, 2));
    assert_eq!(counted(&app, "room"), (4, 1));

    let rooms = Broadcaster::<Room>::new(&app.layer);
    let end = rooms.unsubscribe("archived", "").to("room:2");
    end.await.unwrap();
    assert_eq!(ada.receive_any().await.action(), "unsubscribed");
    on_its_own.close(1000).await;
    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    assert_eq!(counted(&app, "room"), (3, 0));

    ada.close(1000).await;
    bob.close(1000).await;
    assert_eq!(counted(&app, "room"), (0, 0));
    assert_eq!(counted(&app, "hub"), (0, 0));
}
