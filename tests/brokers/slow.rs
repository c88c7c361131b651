//! A process that stands still, and the others meanwhile.

use std::{collections::HashSet, time::Duration};

use tokio::sync::oneshot;

use crate::{
    node::{Node, check, watch},
    server::{Kind, Nats, Redis, Server},
};

/// 32 MiB, which is more than the brokers are set up to keep for one client, and
/// than lies between.
const LINES: u64 = 512;
const SIZE: usize = 64 * 1024;

/// One process stands still while others publish: another gets everything, and
/// the one that stood still gets it or is told.
async fn stands_still<K: Kind>(config: &str) {
    let server = Server::<K>::start_with(config).await;
    let (here, there) = (
        Node::new(server.broker()).await,
        Node::new(server.broker()).await,
    );
    let far = tokio::spawn(watch(there.member().await, LINES));

    let broker = server.broker();
    let (stands, is_standing) = oneshot::channel();
    let (go_on, goes_on) = std::sync::mpsc::channel();
    let (is_well, well) = oneshot::channel();
    let slow = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(async {
            let node = Node::new(broker).await;
            let seen = tokio::spawn(watch(node.member().await, LINES));
            stands.send(()).unwrap();
            // Nothing of this process runs until then.
            let () = goes_on.recv().unwrap();
            tokio::time::sleep(Duration::from_secs(3)).await;
            node.is_connected(true).await;
            is_well.send(()).unwrap();
            seen.await.unwrap()
        })
    });

    is_standing.await.unwrap();
    let text = "x".repeat(SIZE);
    for number in 0..LINES {
        assert!(here.publish(number, &text).await, "the broker takes it");
    }
    go_on.send(()).unwrap();
    well.await.unwrap();
    assert!(here.publish(LINES, "").await);

    let none = HashSet::new();
    assert_eq!(
        check(&far.await.unwrap(), LINES, &none),
        0,
        "who is fast misses nothing"
    );
    let missing = check(&slow.join().unwrap(), LINES, &none);
    println!("{missing} missing");
    assert!(
        missing > 0,
        "nothing was lost, which is not what is tried here"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_stands_still_at_redis() {
    stands_still::<Redis>("client-output-buffer-limit pubsub 8mb 4mb 60").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_stands_still_at_nats() {
    stands_still::<Nats>("max_pending: 8388608\nwrite_deadline: \"2s\"").await;
}
