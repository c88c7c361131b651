//! A topic whose consumer includes a part.

use chanx::{ChannelLayer, Channels, Connect, Consumer, channel};
use chanx_testing::Communicator;
use serde_json::json;

use crate::rooms::{Keyboard, Silence, Stopped};

#[derive(Default, Connect, Consumer)]
struct Hub;

#[channel(name = "hub")]
impl Hub {
    #[topic("room:{room}")]
    async fn room(&mut self, room: String) -> Topical {
        let _ = room;
        Topical::default()
    }
}

#[derive(Default, Consumer)]
struct Topical {
    keyboard: Keyboard,
}

#[channel(name = "topical", include(self.keyboard: Keyboard))]
impl Topical {}

async fn follow(app: &axum::Router) -> Communicator<Hub> {
    let mut client = Communicator::connect(app, "/hub").await;
    let subscribe = json!({"action": "subscribe", "topic": "room:5", "ref": "1"});
    client.send_json(subscribe).await;
    assert_eq!(client.receive_json().await["action"], "subscribed");
    client
}

#[tokio::test(start_paused = true)]
async fn a_part_serves_a_subscription() {
    let layer = ChannelLayer::new();
    let app = Channels::new(layer.clone())
        .route::<Hub>("/hub")
        .into_router();
    let mut ann = follow(&app).await;
    let mut bob = follow(&app).await;

    let typed = json!({"action": "type", "payload": {"who": "ann"}, "topic": "room:5"});
    ann.send_json(typed).await;

    assert_eq!(
        bob.receive_json().await,
        json!({"action": "typing", "payload": {"who": "ann"}, "version": 1, "topic": "room:5"})
    );
    chanx::Broadcaster::<Topical>::new(&layer)
        .event(Silence)
        .to("room:5")
        .await
        .unwrap();
    let stopped = bob.receive_json().await;
    assert_eq!(stopped["action"], <Stopped as chanx::Message>::ACTION);
    assert_eq!(stopped["topic"], "room:5");
}

#[tokio::test(start_paused = true)]
async fn a_parts_hook_runs_when_a_subscription_ends() {
    let app = Channels::new(ChannelLayer::new())
        .route::<Hub>("/hub")
        .into_router();
    let mut ann = follow(&app).await;
    let mut bob = follow(&app).await;
    let typed = json!({"action": "type", "payload": {"who": "ann"}, "topic": "room:5"});
    ann.send_json(typed).await;
    bob.receive_json().await;

    let unsubscribe = json!({"action": "unsubscribe", "topic": "room:5", "ref": "2"});
    ann.send_json(unsubscribe).await;

    assert_eq!(
        bob.receive_json().await,
        json!({"action": "stopped", "payload": {"who": "ann"}, "version": 1, "topic": "room:5"})
    );
}
