//! A test for each cell: a module for the end, another for the way.

use super::{End, HELD, Outcome, Way, play};

const WAITING: [u64; 3] = [0, 1, 1000];

/// The fate of the messages that waited.
#[derive(Clone, Copy)]
enum Messages {
    Handled,
    Dropped,
}

fn assert_messages(outcome: &Outcome, expected: Messages) {
    let handled: Vec<u64> = outcome
        .handled
        .iter()
        .copied()
        .filter(|number| *number != HELD)
        .collect();
    match expected {
        Messages::Handled => {
            assert_eq!(handled, outcome.all());
            assert_eq!(outcome.unhandled, 0);
        }
        Messages::Dropped => {
            assert_eq!(handled, Vec::<u64>::new());
            assert_eq!(outcome.unhandled, outcome.waiting);
        }
    }
}

/// The fate of what the running handler sends and answers.
#[derive(Clone, Copy)]
enum Sent {
    Nowhere,
    BeforeTheClose,
}

fn assert_sent(end: End, outcome: &Outcome, expected: Sent) {
    let of_handlers = |action: &&String| ["sent", "held", "written"].contains(&action.as_str());
    let received: Vec<&String> = outcome.received.iter().filter(of_handlers).collect();
    match expected {
        Sent::Nowhere => assert_eq!(received, Vec::<&String>::new()),
        Sent::BeforeTheClose => {
            assert_eq!(received[..2], ["sent", "held"]);
            assert_eq!(received.len() as u64, 2 + outcome.waiting);
        }
    }
    let told_why = outcome.received.contains(&"error".to_owned());
    assert_eq!(told_why, matches!(end, End::FailedHook | End::Panic));
    let is_told = !matches!(end, End::Lost | End::FinWithoutClose | End::PingTimeout);
    assert_eq!(outcome.code, is_told.then_some(end.code()));
}

fn assert_handler(end: End, outcome: &Outcome) {
    let finishes = end.is_outlived();
    assert_eq!(outcome.handled.first() == Some(&HELD), finishes);
    // At a shutdown the other client is gone as well.
    if finishes && end != End::Shutdown {
        assert!(outcome.witnessed.contains(&"told".to_owned()));
    }
}

macro_rules! table {
    ($($name:ident: $end:ident, $messages:ident, $sent:ident;)*) => {
        $(
            mod $name {
                use super::*;

                mod in_memory {
                    use super::*;
                    table!(@cells $end, $messages, $sent, Memory, start_paused = true);
                }

                mod over_tcp {
                    use super::*;
                    table!(@cells $end, $messages, $sent, Tcp, start_paused = false);
                }
            }
        )*
    };
    (@cells $end:ident, $messages:ident, $sent:ident, $way:ident, $($clock:tt)*) => {
        #[tokio::test($($clock)*)]
        async fn p38_messages_that_wait() {
            for waiting in WAITING {
                let outcome = play(End::$end, Way::$way, waiting).await;
                assert_messages(&outcome, Messages::$messages);
            }
        }

        #[tokio::test($($clock)*)]
        async fn p38_the_handler_that_runs() {
            for waiting in WAITING {
                assert_handler(End::$end, &play(End::$end, Way::$way, waiting).await);
            }
        }

        #[tokio::test($($clock)*)]
        async fn p38_what_it_sends() {
            for waiting in WAITING {
                let outcome = play(End::$end, Way::$way, waiting).await;
                assert_sent(End::$end, &outcome, Sent::$sent);
            }
        }
    };
}

table! {
    the_client_closes: ClientCloses, Handled, Nowhere;
    lost: Lost, Handled, Nowhere;
    a_fin_without_a_close: FinWithoutClose, Handled, Nowhere;
    a_ping_that_is_not_answered: PingTimeout, Handled, Nowhere;
    shutdown: Shutdown, Handled, BeforeTheClose;
    broken_protocol: BrokenProtocol, Handled, BeforeTheClose;
    text_that_is_not_utf8: NotUtf8, Handled, BeforeTheClose;
    a_message_too_big: TooBig, Handled, BeforeTheClose;
    a_kick: Kick, Dropped, Nowhere;
    context_close: ContextClose, Dropped, Nowhere;
    expiry: Expiry, Dropped, Nowhere;
    a_client_above_its_rate: Rate, Dropped, Nowhere;
    a_slow_client: SlowClient, Dropped, Nowhere;
    a_slow_consumer: SlowConsumer, Dropped, Nowhere;
    a_hook_that_fails: FailedHook, Dropped, Nowhere;
    a_panic: Panic, Dropped, Nowhere;
}
