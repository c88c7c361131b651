//! Topics on routes of their own.

use chanx::{AuthenticationFrames, Broadcaster, ChannelOptions};
use chanx_testing::Communicator;
use serde_json::{Value, json};

use super::refused;
use crate::hub::{App, Heard, Room, answer, asked, pushed, subscribe};

#[tokio::test(start_paused = true)]
async fn p31_on_a_topics_own_route_connecting_is_subscribing() {
    let mut app = App::new();
    let mut on_hub = app.connect().await;
    subscribe(&mut on_hub, "room:5").await;
    app.note().await;

    let mut client = Communicator::<Room>::connect(&app.router, "/rooms/5").await;

    let subscribed = pushed("room:5", "subscribed", Value::Null);
    assert_eq!(client.receive_json().await, subscribed);
    let greeting = pushed("room:5", "greeting", json!({"room": "5"}));
    assert_eq!(client.receive_json().await, greeting);
    let say = json!({"action": "say", "payload": {"text": "hi"}, "ref": "1"});
    client.send_json(say).await;
    let said = answer("room:5", "1", "said", json!({"text": "hi"}));
    assert_eq!(client.receive_json().await, said);
    let heard = pushed("room:5", "heard", json!({"text": "hi"}));
    assert_eq!(on_hub.receive_json().await, heard);
    let say = json!({"action": "say", "payload": {"text": "yo"}, "topic": "room:5"});
    client.send_json(say).await;
    let said = pushed("room:5", "said", json!({"text": "yo"}));
    assert_eq!(client.receive_json().await, said);
    client.send_json(asked("room:5", "2", "subscribe")).await;
    let again = answer("room:5", "2", "subscribed", Value::Null);
    assert_eq!(client.receive_json().await, again);
    for action in ["say", "subscribe", "unsubscribe"] {
        client.send_json(asked("room:6", "3", action)).await;
        let payload =
            json!({"detail": "room: not subscribed to this topic", "reason": "not_subscribed"});
        assert_eq!(
            client.receive_json().await,
            refused("room:6", "3", payload),
            "{action}"
        );
    }
    client
        .send_json(json!({"action": "unsubscribe", "ref": "4"}))
        .await;
    let unsubscribed = answer("room:5", "4", "unsubscribed", Value::Null);
    assert_eq!(client.receive_json().await, unsubscribed);
    assert_eq!(client.closed().await.code, 1000);
    assert_eq!(app.note().await, "authorising 5");
    assert_eq!(app.note().await, "5 left: the client unsubscribed");
}

#[tokio::test(start_paused = true)]
async fn p31_what_is_published_while_a_topics_own_route_joins_waits_for_subscribed() {
    let (exchange, app) = App::at_an_exchange().await;
    exchange.hang(true);
    let mut client = Communicator::<Room>::builder(&app.router, "/rooms/5")
        .without_waiting_for_connected()
        .connect()
        .await;
    app.joined().await;

    let rooms = Broadcaster::<Room>::new(&app.layer);
    let early = Heard {
        text: "early".into(),
    };
    // The other nodes do not get it, and this one does.
    let published = rooms.broadcast(early).to("room:5").await;
    assert!(published.is_err());

    let subscribed = pushed("room:5", "subscribed", Value::Null);
    assert_eq!(client.receive_json().await, subscribed);
    let early = pushed("room:5", "heard", json!({"text": "early"}));
    assert_eq!(client.receive_json().await, early);
}

#[tokio::test(start_paused = true)]
async fn p31_a_refusal_refuses_the_connection() {
    let app = App::new();
    for (path, status) in [
        ("/rooms/full", 500),
        ("/rooms/a:b", 404),
        ("/doors/front", 403),
        ("/doors/secret", 404),
    ] {
        let refused = Communicator::<Room>::builder(&app.router, path)
            .connect_or_refused()
            .await
            .expect_err("it is refused");

        assert_eq!(refused.status, status, "{path}");
    }
    let options = ChannelOptions::default().authentication_frames(AuthenticationFrames::OnRefusal);
    let app = App::with(options);
    for (path, code) in [("/doors/front", 4403), ("/doors/secret", 4404)] {
        let mut refused = Communicator::<Room>::builder(&app.router, path)
            .without_waiting_for_connected()
            .connect()
            .await;

        assert_eq!(refused.receive_any().await.action(), "authentication");
        assert_eq!(refused.closed().await.code, code, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn p31_p35_a_kick_on_a_topics_own_route_is_told_and_closes() {
    let app = App::new();
    let mut client = Communicator::<Room>::connect(&app.router, "/rooms/5").await;
    assert_eq!(client.receive_any().await.action(), "subscribed");
    assert_eq!(client.receive_any().await.action(), "greeting");

    let rooms = Broadcaster::<Room>::new(&app.layer);
    rooms
        .unsubscribe("archived", "gone")
        .to("room:5")
        .await
        .unwrap();

    let archived = json!({"reason": "archived", "detail": "gone"});
    assert_eq!(
        client.receive_json().await,
        pushed("room:5", "unsubscribed", archived)
    );
    assert_eq!(client.closed().await.code, 1000);
}
