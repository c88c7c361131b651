//! The bounds on finishing what was received.

use std::time::Duration;

use chanx::{ChannelOptions, RateLimit, Shutdown};
use serde_json::json;
use tokio::time::Instant;

use super::{AnyIo, HELD, Server, Way, rest, send, until_read};
use crate::support::{Raw, masked, raw, serve_pipe};

/// A client whose handler runs, with so many messages behind it.
async fn held(server: &mut Server, waiting: u64, then: &str) -> Raw<AnyIo> {
    let mut client = raw(Way::Memory.to(server).await, "client").await;
    send(&mut client, "hold", json!({"then": then})).await;
    server.wait_for("holding").await;
    for number in 0..waiting {
        send(&mut client, "write", json!({"number": number})).await;
    }
    until_read(&mut client).await;
    client
}

async fn close(client: &mut Raw<AnyIo>) {
    client.write(&masked(0x88, &1000_u16.to_be_bytes())).await;
}

#[tokio::test(start_paused = true)]
async fn p37_a_handler_that_goes_beyond_its_time_is_cancelled_and_counted_with_what_waits() {
    for waiting in [0, 1, 1000] {
        let options = ChannelOptions::default().inbox_bytes(1024 * 1024);
        let mut server = Server::with(options.finish_timeout(Duration::from_secs(3)));
        let mut client = held(&mut server, waiting, "WaitForTheEnd").await;
        close(&mut client).await;
        server.wait_for("ended").await;
        let ended = Instant::now();

        let before = server.wait_for("disconnected 1000").await;

        assert_eq!(before, ["cancelled"]);
        assert_eq!(ended.elapsed().as_secs(), 3);
        assert_eq!(server.ledger(), Vec::<u64>::new());
        assert_eq!(server.unhandled().await, waiting + 1);
    }
}

#[tokio::test(start_paused = true)]
async fn p37_the_time_is_one_budget_for_all_that_waits() {
    let mut server = Server::with(ChannelOptions::default());
    let mut client = held(&mut server, 0, "WaitForTheEnd").await;
    for _ in 0..3 {
        send(&mut client, "hold", json!({"then": "WaitForTheEnd"})).await;
    }
    until_read(&mut client).await;
    close(&mut client).await;
    server.wait_for("ended").await;
    let ended = Instant::now();

    // One passes the gate after three seconds; the next has two left.
    tokio::time::sleep(Duration::from_secs(3)).await;
    server.shared.gate.add_permits(1);
    let before = server.wait_for("disconnected 1000").await;

    assert_eq!(before, ["holding", "ended", "cancelled"]);
    assert_eq!(ended.elapsed().as_secs(), 5);
    assert_eq!(server.ledger(), [HELD]);
    assert_eq!(server.unhandled().await, 3);
}

#[tokio::test(start_paused = true)]
async fn p37_without_time_a_handler_is_cancelled_at_once() {
    for waiting in [0, 1, 1000] {
        let options = ChannelOptions::default().inbox_bytes(1024 * 1024);
        let mut server = Server::with(options.finish_timeout(Duration::ZERO));
        let mut client = held(&mut server, waiting, "WaitForTheEnd").await;
        let began = Instant::now();

        close(&mut client).await;

        assert_eq!(server.wait_for("disconnected 1000").await, ["cancelled"]);
        assert_eq!(began.elapsed(), Duration::ZERO);
        assert_eq!(rest(&mut client).await.1, Some(1000));
        assert_eq!(server.unhandled().await, waiting + 1);
    }
}

#[tokio::test(start_paused = true)]
async fn p38_a_kick_while_a_connection_finishes_drops_what_waits() {
    for waiting in [0, 1, 1000] {
        let options = ChannelOptions::default().inbox_bytes(1024 * 1024);
        let mut server = Server::with(options);
        let mut client = held(&mut server, waiting, "WaitForTheEnd").await;
        close(&mut client).await;
        server.wait_for("ended").await;

        let kicked = server.desks.user("client").close(4000, "kicked").await;
        server.open_the_gate();

        assert_eq!(kicked.unwrap().reached, 1);
        // The first reason stands, and the running handler finishes.
        server.wait_for("disconnected 1000").await;
        assert_eq!(server.ledger(), [HELD]);
        assert_eq!(server.unhandled().await, waiting);
    }
}

#[tokio::test(start_paused = true)]
async fn p38_a_kick_while_a_shutdown_finishes_sends_nothing_more() {
    let mut server = Server::with(ChannelOptions::default());
    let mut client = held(&mut server, 1, "WaitForTheEnd").await;
    let control = server.control.clone();
    let shutdown = tokio::spawn(async move { control.shutdown().await });
    server.wait_for("ended").await;

    let kicked = server.desks.user("client").close(4000, "kicked").await;
    server.open_the_gate();

    assert_eq!(kicked.unwrap().reached, 1);
    assert_eq!(rest(&mut client).await, (vec![], Some(1001)));
    let report = shutdown.await.unwrap();
    assert_eq!(
        (report.closed, report.cut, report.messages_unhandled),
        (1, 0, 1)
    );
    assert_eq!(server.unhandled().await, 1);
}

#[tokio::test(start_paused = true)]
async fn p38_an_expiry_while_a_connection_finishes_drops_what_waits() {
    let mut server = Server::with(ChannelOptions::default());
    let mut client = raw(Way::Memory.to(&server).await, "expires").await;
    send(&mut client, "hold", json!({"then": "WaitForTheEnd"})).await;
    server.wait_for("holding").await;
    send(&mut client, "write", json!({"number": 0})).await;
    until_read(&mut client).await;
    close(&mut client).await;
    server.wait_for("ended").await;

    // The credentials are good for less than a second.
    tokio::time::sleep(Duration::from_secs(1)).await;
    server.open_the_gate();

    assert_eq!(
        server.wait_for("disconnected 1000").await,
        Vec::<String>::new()
    );
    assert_eq!(server.ledger(), [HELD]);
    assert_eq!(server.unhandled().await, 1);
}

#[tokio::test(start_paused = true)]
async fn p38_an_expiring_sends_behind_a_handler_that_may_not() {
    let mut server = Server::with(ChannelOptions::default());
    let mut client = raw(Way::Memory.to(&server).await, "expires").await;
    send(&mut client, "hold", json!({"then": "WaitForTheEnd"})).await;
    server.wait_for("ended").await;

    server.open_the_gate();

    assert_eq!(
        rest(&mut client).await,
        (vec!["told".to_owned()], Some(4401))
    );
    server.wait_for("expiring").await;
    server.wait_for("disconnected 4401").await;
}

#[tokio::test(start_paused = true)]
async fn p38_a_client_above_its_rate_has_what_waits_dropped() {
    let options = ChannelOptions::default().rate_limit(RateLimit::per_second(1));
    let mut server = Server::with(options);
    let mut client = raw(Way::Memory.to(&server).await, "client").await;
    for _ in 0..3 {
        send(&mut client, "write", json!({"number": 0})).await;
        send(&mut client, "write", json!({"number": 0})).await;
        until_read(&mut client).await;
        tokio::time::sleep(Duration::from_millis(450)).await;
    }

    for number in 0..100 {
        send(&mut client, "write", json!({"number": number})).await;
    }

    assert_eq!(rest(&mut client).await.1, Some(1008));
    server.wait_for("disconnected 1008").await;
    // Of the last hundred one may have found a token, and one was told.
    let unhandled = server.unhandled().await;
    assert!((97..100).contains(&unhandled), "{unhandled}");
}

#[tokio::test(start_paused = true)]
async fn p38_an_idle_connection_whose_handler_runs_gets_its_answer() {
    let options = ChannelOptions::default().idle_timeout(Duration::from_secs(1));
    let mut server = Server::with(options);
    let mut client = held(&mut server, 0, "WaitForTheEnd").await;
    server.wait_for("ended").await;

    server.open_the_gate();

    let (received, code) = rest(&mut client).await;
    assert_eq!(
        (received, code),
        (vec!["sent".to_owned(), "held".to_owned()], Some(1000))
    );
}

#[tokio::test(start_paused = true)]
async fn p38_events_that_wait_are_dropped_and_counted() {
    let mut server = Server::with(ChannelOptions::default());
    let mut client = held(&mut server, 1, "WaitForTheEnd").await;
    for _ in 0..3 {
        server
            .desks
            .user("client")
            .event(super::Tick)
            .await
            .unwrap();
    }

    close(&mut client).await;
    server.open_the_gate();

    let before = server.wait_for("disconnected 1000").await;
    assert!(!before.contains(&"tick".to_owned()));
    assert_eq!(server.unhandled().await, 0);
    assert_eq!(server.control.stats().channels[0].1.dropped_events, 3);
}

#[tokio::test(start_paused = true)]
async fn p37_a_shutdown_that_is_over_cuts_what_still_finishes() {
    let mut server = Server::with(ChannelOptions::default());
    let _client = held(&mut server, 7, "WaitForTheEnd").await;
    let began = Instant::now();

    let two_seconds = Duration::from_secs(2);
    let report = server
        .control
        .shutdown_with(
            Shutdown::default()
                .spread(Duration::ZERO)
                .deadline(two_seconds),
        )
        .await;

    assert_eq!(
        (report.closed, report.cut, report.messages_unhandled),
        (0, 1, 8)
    );
    assert_eq!(began.elapsed().as_secs(), 2);
    let stats = server.control.stats();
    assert_eq!(
        (stats.connections(), stats.channels[0].1.messages_unhandled),
        (0, 8)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p37_a_shutdown_counts_what_is_behind_a_handler_that_cannot_be_cut() {
    let mut server = Server::with(ChannelOptions::default());
    let mut client = raw(Way::Memory.to(&server).await, "client").await;
    for number in 0..7 {
        send(&mut client, "write", json!({"number": number})).await;
    }
    until_read(&mut client).await;
    send(&mut client, "hold", json!({"then": "Block"})).await;
    server.wait_for("holding").await;

    let at_once = Shutdown::default().deadline(Duration::ZERO);
    let report = server.control.shutdown_with(at_once).await;
    server.open_the_gate();

    assert_eq!(
        (report.closed, report.cut, report.messages_unhandled),
        (0, 1, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn p37_a_handler_is_cancelled_in_its_time_also_behind_a_kick() {
    let mut server = Server::with(ChannelOptions::default());
    let mut client = held(&mut server, 1, "WaitForTheEnd").await;
    close(&mut client).await;
    server.wait_for("ended").await;
    let ended = Instant::now();

    let kicked = server.desks.user("client").close(4000, "kicked").await;

    assert_eq!(kicked.unwrap().reached, 1);
    assert_eq!(server.wait_for("disconnected 1000").await, ["cancelled"]);
    assert_eq!(ended.elapsed().as_secs(), 5);
    assert_eq!(server.unhandled().await, 2);
}

#[tokio::test(start_paused = true)]
async fn p37_a_connection_that_finishes_keeps_its_place() {
    let mut server = Server::configured(|channels| channels.max_connections(1));
    let mut client = held(&mut server, 0, "WaitForTheEnd").await;
    close(&mut client).await;
    assert_eq!(rest(&mut client).await.1, Some(1000));

    let refused = raw(Way::Memory.to(&server).await, "client").await;
    server.open_the_gate();
    while server.control.stats().connections() > 0 {
        tokio::task::yield_now().await;
    }
    let taken = raw(Way::Memory.to(&server).await, "client").await;

    assert!(refused.head.starts_with("HTTP/1.1 503"), "{}", refused.head);
    assert!(taken.head.starts_with("HTTP/1.1 101"), "{}", taken.head);
}

#[tokio::test(start_paused = true)]
async fn p37_a_client_that_leaves_while_connected_runs_is_heard() {
    let mut server = Server::with(ChannelOptions::default());
    let mut client = raw(Way::Memory.to(&server).await, "slow").await;
    server.wait_for("holding").await;
    for number in 0..3 {
        send(&mut client, "write", json!({"number": number})).await;
    }
    close(&mut client).await;
    assert_eq!(rest(&mut client).await.1, Some(1000));

    server.open_the_gate();

    server.wait_for("disconnected 1000").await;
    assert_eq!(server.ledger(), [0, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn p37_last_words_that_come_with_the_handshake_are_heard() {
    let mut server = Server::with(ChannelOptions::default());
    let mut first = Vec::new();
    for number in 0..10 {
        let write = json!({"action": "write", "payload": {"number": number}});
        first.extend(masked(0x81, write.to_string().as_bytes()));
    }
    first.extend(masked(0x88, &1000_u16.to_be_bytes()));

    let io = Way::Memory.to(&server).await;
    let mut client = crate::support::raw_at_once(io, "client", &first).await;

    assert_eq!(rest(&mut client).await.1, Some(1000));
    server.wait_for("disconnected 1000").await;
    assert_eq!(server.ledger(), (0..10).collect::<Vec<u64>>());
}

#[tokio::test(start_paused = true)]
async fn p37_last_words_of_a_client_that_reads_nothing_are_heard() {
    const WORDS: u64 = 1_000;
    // Less than the answers to them take.
    let mut server = Server::with(ChannelOptions::default().outbox_bytes(1024));
    let mut client = raw(Way::Memory.to(&server).await, "client").await;
    for number in 0..WORDS {
        send(&mut client, "write", json!({"number": number})).await;
    }
    close(&mut client).await;

    server.wait_for("disconnected 1000").await;

    assert_eq!(server.ledger(), (0..WORDS).collect::<Vec<_>>());
    assert_eq!(server.unhandled().await, 0);
    drop(client);
}

#[tokio::test(start_paused = true)]
async fn p37_ten_thousand_clients_that_connect_send_and_leave_leave_nothing() {
    let mut server = Server::with(ChannelOptions::default());
    let tasks = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let before = tasks();
    for round in 0..100 {
        let clients = (0..100).map(|n| {
            let (io, number) = (
                serve_pipe(server.app.clone(), |it| async move { it }),
                round * 100 + n,
            );
            let write = json!({"action": "write", "payload": {"number": number}}).to_string();
            let mut first = masked(0x81, write.as_bytes());
            first.extend(masked(0x88, &1000_u16.to_be_bytes()));
            // Gone before it is answered.
            async move { drop(crate::support::raw_at_once(io, "client", &first).await) }
        });
        futures_util::future::join_all(clients).await;
        for _ in 0..100 {
            server.wait_for("disconnected 1000").await;
        }
    }

    let mut written = server.ledger();
    written.sort_unstable();
    assert_eq!(written, (0..10_000).collect::<Vec<u64>>());
    assert_eq!(server.unhandled().await, 0);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(tasks(), before);
}
