//! The expansions of the macros, as a reviewer reads them.
//!
//! `GOLDEN=overwrite cargo test -p chanx-macros` writes the files of
//! `tests/golden/` anew. They leave the version out, so that the next changes nothing.

use std::{env, fs, path::Path};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::{
    channel::{channel, handlers},
    consumer,
    kind::Kind,
    message, messages,
    private::PRIVATE,
};

#[track_caller]
fn assert_golden(name: &str, expansion: TokenStream) {
    let file = syn::parse2(expansion).unwrap();
    let private = PRIVATE.to_token_stream().to_string();
    let expanded = prettyplease::unparse(&file).replace(&private, "__private");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let path = folder.join(name).with_extension("rs");
    if env::var_os("GOLDEN").is_some_and(|golden| golden == "overwrite") {
        fs::create_dir_all(&folder).unwrap();
        fs::write(&path, &expanded).unwrap();
    }

    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(expanded, golden, "the expansion differs from {path:?}");
}

#[test]
fn a_message_has_an_action_and_a_description() {
    let expansion = message::derive(
        Kind::Message,
        quote! {
            /// A line typed by a user.
            #[message(action = "say", example = Chat::new("hello"))]
            pub struct Chat {
                #[garde(length(max = 100))]
                pub message: String,
            }
        },
    );

    assert_golden("message", expansion);
}

#[test]
fn an_event_has_an_action() {
    let expansion = message::derive(
        Kind::Event,
        quote!(
            struct PaymentCompleted(Payment);
        ),
    );

    assert_golden("event", expansion);
}

#[test]
fn an_enum_of_messages_compares_actions() {
    let expansion = messages::derive(
        Kind::Message,
        quote! {
            enum Incoming {
                Ping(Ping),
                Chat(Chat),
            }
        },
    );

    assert_golden("messages", expansion);
}

#[test]
fn an_enum_of_one_event_compares_nothing() {
    let expansion = messages::derive(
        Kind::Event,
        quote!(
            enum Paid {
                Completed(Completed),
            }
        ),
    );

    assert_golden("events", expansion);
}

#[test]
fn a_consumer_has_the_hooks_that_do_nothing() {
    let expansion = consumer::consumer(quote! {
        #[consumer(crate = crate::web)]
        struct Lobby;
    });

    assert_golden("consumer", expansion);
}

#[test]
fn a_part_has_the_hooks_that_do_nothing() {
    let expansion = consumer::part(quote! {
        #[part(crate = crate::web)]
        struct Heartbeat;
    });

    assert_golden("part_without_hooks", expansion);
}

#[test]
fn a_consumer_connects_as_its_default() {
    let expansion = consumer::connect(quote! {
        #[consumer(crate = crate::web)]
        struct Lobby;
    });

    assert_golden("connect", expansion);
}

#[test]
fn a_channel_is_one_call_per_handler() {
    let expansion = channel(
        quote! {
            name = "room",
            tags = ["chat"],
            groups = ["lobby"],
            sends(Joined),
            passthrough(Announcement),
        },
        quote! {
            /// Real-time chat.
            impl Room {
                /// Send a line to the room.
                ///
                /// Everyone sees it.
                #[ws_handler(sends(Joined, Line))]
                async fn chat(&mut self, chat: Chat, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
                    Ok(())
                }

                #[ws_handler(summary = "Answer.", tags = ["health"])]
                async fn ping(&self, _: Ping) -> Pong {
                    Pong
                }

                #[ws_handler]
                async fn find(&mut self, find: Find) -> Option<Found> {
                    self.shelf.find(find).await
                }

                #[ws_handler]
                #[instrument]
                async fn hello(&mut self, _: Hello) {}

                #[cfg(feature = "payments")]
                #[event_handler]
                async fn paid(&mut self, ctx: &mut Context<Self>, event: PaymentCompleted) {}
            }
        },
    );

    assert_golden("channel", expansion);
}

#[test]
fn a_part_is_as_a_channel_and_says_what_it_takes() {
    let expansion = handlers(
        quote!(sends(Stopped), include(self.senses: Senses)),
        quote! {
            impl Keyboard {
                #[ws_handler]
                async fn typed(&mut self, typed: Typed) {}
            }
        },
    );

    assert_golden("part", expansion);
}

#[test]
fn a_channel_leads_to_its_parts() {
    let expansion = channel(
        quote!(
            name = "room",
            include(self.parts.heartbeat: Heartbeat, self.keyboard: Keyboard)
        ),
        quote! {
            impl Room {
                #[ws_handler]
                async fn chat(&mut self, chat: Chat) {}
            }
        },
    );

    assert_golden("channel_with_parts", expansion);
}

#[test]
fn a_handler_with_a_mistake_stays_and_is_left_out() {
    let expansion = channel(
        quote!(name = "room"),
        quote! {
            impl Room {
                #[ws_handler]
                async fn chat(&mut self) {}

                #[ws_handler]
                async fn ping(&mut self, _: Ping) -> Pong {
                    Pong
                }
            }
        },
    );

    assert_golden("channel_with_a_mistake", expansion);
}
