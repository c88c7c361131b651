//! The broker for tests does as every broker must, and the suite tells where one does not.

use std::panic::AssertUnwindSafe;

use chanx_testing::broker::{CASES, Exchange, Fault, check};
use futures_util::FutureExt;

macro_rules! passes {
    ($($case:ident)*) => {
        $(
            #[tokio::test(start_paused = true)]
            async fn $case() {
                check(&Exchange::new(), stringify!($case)).await;
            }
        )*

        #[test]
        fn every_case_is_run() {
            assert_eq!(CASES, [$(stringify!($case)),*]);
        }
    };
}

passes! {
    delivery events order several_groups join_and_leave users connections closes own_echo
    outages outage_at_join outage_at_publish foreign_bytes large_payloads odd_names many_groups
    slow_members shutdown
}

macro_rules! fails {
    ($($test:ident $fault:ident $case:ident)*) => {
        $(
            #[tokio::test(start_paused = true)]
            async fn $test() {
                let exchange = Exchange::with(Fault::$fault);
                let case = AssertUnwindSafe(check(&exchange, stringify!($case)));
                assert!(case.catch_unwind().await.is_err(), "the case does not notice");
            }
        )*
    };
}

fails! {
    losses_are_noticed Loses order
    duplicates_are_noticed Duplicates delivery
    another_order_is_noticed Reorders order
    a_message_that_is_cut_is_noticed Cuts large_payloads
    a_large_message_that_is_lost_is_noticed LosesLarge large_payloads
    odd_names_that_are_forgotten_are_noticed ForgetsOddNames odd_names
    groups_that_are_forgotten_are_noticed ForgetsMany many_groups
    unsubscribing_too_much_is_noticed UnsubscribesAll join_and_leave
    an_outage_that_is_hidden_is_noticed HidesOutages outage_at_publish
    a_broker_that_does_not_come_back_is_noticed NeverBack outages
    a_broker_that_is_deaf_after_an_outage_is_noticed NeverSubscribesAgain outages
    users_that_are_forgotten_are_noticed ForgetsUsers users
    nodes_that_are_forgotten_are_noticed ForgetsNodes connections
    a_task_that_outlives_its_layer_is_noticed Leaks shutdown
}
