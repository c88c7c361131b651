//! The conformance suite, run with real brokers.

use chanx_testing::broker::{CASES, check};

macro_rules! passes {
    ($kind:ident: $($case:ident)*) => {
        use crate::server::{$kind, Server};

        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                check(&Server::<$kind>::start().await, stringify!($case)).await;
            }
        )*

        #[test]
        fn every_case_is_run() {
            assert_eq!(super::CASES, [$(stringify!($case)),*]);
        }
    };
}

mod redis {
    use super::check;

    passes! {
        Redis:
        delivery events order several_groups join_and_leave users connections closes own_echo
        outages outage_at_join outage_at_publish foreign_bytes large_payloads odd_names many_groups
        slow_members shutdown
    }
}

mod nats {
    use super::check;

    passes! {
        Nats:
        delivery events order several_groups join_and_leave users connections closes own_echo
        outages outage_at_join outage_at_publish foreign_bytes large_payloads odd_names many_groups
        slow_members shutdown
    }
}
