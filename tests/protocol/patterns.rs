//! Topics whose parameters are not those of the type that is read from them.

use chanx::{ChannelLayer, Channels, Connect, Consumer, channel};
use serde::Deserialize;

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read only")]
struct Page {
    room: String,
    page: u32,
}

#[derive(Default, Consumer)]
struct Book;

#[channel(name = "book")]
impl Book {}

/// A hub with one topic, which takes a `Page`.
macro_rules! hub {
    ($name:ident $channel:literal $pattern:literal) => {
        #[derive(Default, Connect, Consumer)]
        struct $name;

        #[channel(name = $channel)]
        impl $name {
            #[topic($pattern)]
            async fn page(&mut self, page: Page) -> Book {
                let _ = page;
                Book
            }
        }
    };
}

hub!(Typo "typo" "page:{rom}:{page}");
hub!(Lacking "lacking" "page:{room}");
hub!(Fitting "fitting" "page:{page}:{room}");

fn route<Hub: chanx::Channel + Connect<Handshake = ()>>() {
    let channels = Channels::<()>::new(ChannelLayer::new());
    let _ = channels.route::<Hub>("/hub").into_router();
}

#[test]
#[should_panic(
    expected = "the parameters of topic `page:{rom}:{page}` of channel `typo` cannot be read as \
                `protocol::patterns::Page`: it has no field `rom`"
)]
fn a_parameter_for_which_there_is_no_field_is_told_when_the_router_is_made() {
    route::<Typo>();
}

#[test]
#[should_panic(expected = "it has a field `page`, and the pattern no such parameter")]
fn a_field_for_which_there_is_no_parameter_is_told_when_the_router_is_made() {
    route::<Lacking>();
}

#[test]
fn parameters_and_fields_may_stand_in_any_order() {
    route::<Fitting>();
}
