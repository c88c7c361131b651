//! Members and publishers while a broker is dead, hangs, or is cut off.

use std::{collections::HashSet, future::Future, sync::Arc, time::Duration};

use tokio::time::{Instant, sleep};

use crate::{
    node::{Node, Seen, check, watch},
    proxy::Proxy,
    server::{Kind, Nats, Redis, Server},
};

/// Two nodes at a broker with a member each, one of which publishes all the time.
///
/// `outage` happens meanwhile, and is over when it returns. Afterwards each
/// member has got every line, or was told; and the publisher was told of each
/// that the other node has not got.
async fn survives(nodes: [Node; 2], outage: impl Future<Output = ()>) {
    const LAST: u64 = u64::MAX;
    let [here, there] = nodes;
    let (near, far) = (here.member().await, there.member().await);
    let near = tokio::spawn(watch(near, LAST));
    let far = tokio::spawn(watch(far, LAST));

    let is_over = tokio::sync::Notify::new();
    let publishing = async {
        let (mut number, mut failures) = (0, HashSet::new());
        let over = is_over.notified();
        tokio::pin!(over);
        loop {
            let began = Instant::now();
            if !here.publish(number, "").await {
                failures.insert(number);
            }
            let waited = began.elapsed();
            assert!(
                waited < Duration::from_secs(6),
                "publishing took {waited:?}"
            );
            number += 1;
            tokio::select! {
                () = &mut over => return (number, failures),
                () = sleep(Duration::from_millis(20)) => {}
            }
        }
    };
    let happening = async {
        sleep(Duration::from_millis(200)).await;
        outage.await;
        here.is_connected(true).await;
        there.is_connected(true).await;
        // All are told within a second, and the subscriptions stand by then.
        sleep(Duration::from_millis(1500)).await;
        is_over.notify_one();
    };
    let ((count, failures), ()) = tokio::join!(publishing, happening);
    assert!(here.publish(LAST, "").await, "all is well afterwards");

    let (mut near, mut far) = (near.await.unwrap(), far.await.unwrap());
    for seen in [&mut near, &mut far] {
        let last = seen.pop();
        assert_eq!(last, Some(Seen::Line(LAST)));
        assert!(seen.contains(&Seen::Lagged), "an outage is told: {seen:?}");
    }
    assert_eq!(
        check(&near, count - 1, &failures),
        0,
        "members of the same node miss nothing"
    );
    let missing = check(&far, count - 1, &failures);
    assert!(!failures.is_empty(), "the publisher is told of the outage");
    assert!(here.layer.health().gaps >= 1 && there.layer.health().gaps >= 1);
    println!(
        "{count} lines, {} failed, {missing} missing",
        failures.len()
    );
}

async fn nodes<K: Kind>(server: &Server<K>) -> [Node; 2] {
    [
        Node::new(server.broker()).await,
        Node::new(server.broker()).await,
    ]
}

async fn killed<K: Kind>(seconds: u64) {
    let server = Server::<K>::start().await;
    survives(nodes(&server).await, async {
        server.kill();
        sleep(Duration::from_secs(seconds)).await;
        server.start_again().await;
    })
    .await;
}

async fn stopped<K: Kind>(seconds: u64) {
    let server = Server::<K>::start().await;
    let nodes = nodes(&server).await;
    survives(nodes, async {
        server.signal("STOP");
        sleep(Duration::from_secs(seconds)).await;
        server.signal("CONT");
    })
    .await;
}

/// Nothing comes any more by connections that stay open, as behind a firewall
/// that has forgotten them.
async fn silent<K: Kind>() {
    let server = Server::<K>::start().await;
    let proxy = Arc::new(Proxy::start(server.address()).await);
    let nodes = [
        Node::new(K::broker(proxy.address())).await,
        Node::new(K::broker(proxy.address())).await,
    ];
    let layers = nodes.each_ref().map(|node| node.layer.clone());
    survives(nodes, async {
        proxy.silence();
        while layers.iter().any(|layer| layer.health().gaps == 0) {
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

async fn dropped_and_delayed<K: Kind>() {
    let server = Server::<K>::start().await;
    let proxy = Proxy::start(server.address()).await;
    proxy.delay(Duration::from_millis(30));
    let nodes = [
        Node::new(K::broker(proxy.address())).await,
        Node::new(K::broker(proxy.address())).await,
    ];
    survives(nodes, async {
        for _ in 0..4 {
            proxy.drop_all();
            sleep(Duration::from_millis(700)).await;
        }
    })
    .await;
}

/// What waits for most of its time, all at once: each in a runtime of its own.
#[test]
fn outages_that_take_long_are_survived() {
    let outages: [(&str, fn()); 6] = [
        ("Redis is killed for 10 s", || run(killed::<Redis>(10))),
        ("NATS is killed for 10 s", || run(killed::<Nats>(10))),
        ("Redis is stopped for 10 s", || run(stopped::<Redis>(10))),
        ("NATS is stopped for 10 s", || run(stopped::<Nats>(10))),
        ("Redis falls silent", || run(silent::<Redis>())),
        ("NATS falls silent", || run(silent::<Nats>())),
    ];
    let threads = outages.map(|(name, outage)| {
        let thread = std::thread::Builder::new().name(name.to_owned());
        (name, thread.spawn(outage).unwrap())
    });
    let failed = threads.map(|(name, thread)| thread.join().is_err().then_some(name));
    let failed: Vec<_> = failed.into_iter().flatten().collect();
    assert!(failed.is_empty(), "not survived: {failed:?}");
}

fn run(outage: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(outage);
}

#[test]
fn redis_is_killed_for_a_second() {
    run(killed::<Redis>(1));
}

#[test]
fn nats_is_killed_for_a_second() {
    run(killed::<Nats>(1));
}

#[test]
fn connections_to_redis_are_slow_and_break_again_and_again() {
    run(dropped_and_delayed::<Redis>());
}

#[test]
fn connections_to_nats_are_slow_and_break_again_and_again() {
    run(dropped_and_delayed::<Nats>());
}
