//! A handler that goes on beyond the five seconds of `finish_timeout`, for each end that
//! it may outlive.

use super::{End, Way, outlast};

async fn assert_cancelled(end: End, way: Way) {
    for waiting in [0, 1, 1000] {
        let (outcome, mut notes) = outlast(end, way, waiting).await;

        notes.retain(|note| note != "expiring");
        assert_eq!(notes, ["cancelled"]);
        assert_eq!(outcome.handled, [0; 0]);
        assert_eq!(outcome.unhandled, waiting + 1);
        let is_told = !matches!(end, End::Lost | End::FinWithoutClose | End::PingTimeout);
        assert_eq!(outcome.code, is_told.then_some(end.code()));
        assert!(!outcome.witnessed.contains(&"told".to_owned()));
    }
}

macro_rules! rows {
    ($($name:ident: $end:ident;)*) => {
        $(
            mod $name {
                use super::*;

                #[tokio::test(start_paused = true)]
                async fn p37_in_memory() {
                    assert_cancelled(End::$end, Way::Memory).await;
                }

                #[tokio::test]
                async fn p37_over_tcp() {
                    assert_cancelled(End::$end, Way::Tcp).await;
                }
            }
        )*
    };
}

rows! {
    the_client_closes: ClientCloses;
    lost: Lost;
    a_fin_without_a_close: FinWithoutClose;
    a_ping_that_is_not_answered: PingTimeout;
    shutdown: Shutdown;
    broken_protocol: BrokenProtocol;
    text_that_is_not_utf8: NotUtf8;
    a_message_too_big: TooBig;
    a_kick: Kick;
    context_close: ContextClose;
    expiry: Expiry;
    a_client_above_its_rate: Rate;
    a_slow_client: SlowClient;
    a_slow_consumer: SlowConsumer;
}
