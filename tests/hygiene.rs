//! The macros mean the same wherever they are written.

/// Without a prelude, under another name, beside types of the names that
/// expansions use.
mod bare {
    #![no_implicit_prelude]

    mod web {
        pub(super) use ::chanx::{
            __private, Channel, Consumer, Event, Events, HandledBy, Message, Messages, Rejection,
            SentBy, event_handler, ws_handler,
        };
    }

    #[derive(::std::fmt::Debug)]
    #[expect(dead_code, reason = "it is only in the way")]
    enum Option {}

    #[derive(::std::fmt::Debug)]
    #[expect(dead_code, reason = "it is only in the way")]
    enum Result {}

    #[derive(::std::fmt::Debug)]
    #[expect(dead_code, reason = "it is only in the way")]
    struct Box;

    #[derive(::serde::Serialize, ::serde::Deserialize, ::chanx::Message)]
    #[message(crate = web, example = Type)]
    pub(super) struct Type;

    // Its derive needs the prelude.
    impl ::schemars::JsonSchema for Type {
        fn schema_name() -> ::std::borrow::Cow<'static, str> {
            ::std::convert::From::from("Type")
        }

        fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
            <() as ::schemars::JsonSchema>::json_schema(generator)
        }
    }

    #[derive(::std::clone::Clone, ::serde::Serialize, ::serde::Deserialize, ::chanx::Event)]
    #[event(crate = web)]
    struct Happened;

    #[derive(::chanx::Messages)]
    #[messages(crate = web)]
    pub(super) enum Any {
        Type(Type),
    }

    #[derive(::std::clone::Clone, ::chanx::Events)]
    #[events(crate = web)]
    enum Anything {
        Happened(Happened),
    }

    #[derive(::std::default::Default, ::chanx::Consumer)]
    #[consumer(crate = web)]
    pub(super) struct Room;

    #[::chanx::channel(crate = web, name = "bare", sends(Any))]
    impl Room {
        #[web::ws_handler]
        async fn r#type(&mut self, r#type: Type) -> ::std::option::Option<Type> {
            ::std::option::Option::Some(r#type)
        }

        #[event_handler]
        async fn anything(&self, Anything::Happened(Happened): Anything) {}
    }
}

/// Written by another macro.
mod generated {
    use chanx::{Consumer, Context, Message, channel};
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    macro_rules! echo {
        ($consumer:ident, $name:literal, $message:ty, $context:ty) => {
            #[derive(Default, Consumer)]
            pub(super) struct $consumer;

            #[channel(name = $name, tags = [$name], sends($message))]
            impl $consumer {
                #[ws_handler(summary = $name)]
                async fn echo(&mut self, ctx: $context, message: $message) -> $message {
                    let _ = ctx.groups();
                    message
                }
            }
        };
    }

    #[derive(Serialize, Deserialize, JsonSchema, Message)]
    pub(super) struct Word(String);

    #[derive(Serialize, Deserialize, JsonSchema, Message)]
    pub(super) struct Number(u32);

    echo!(Words, "words", Word, &mut Context<Self>);
    echo!(Numbers, "numbers", Number, &mut Context<Numbers>);
}

/// For one type of a generic one, with methods that not every build has.
mod concrete {
    use std::marker::PhantomData;

    use chanx::{Consumer, Ping, Pong, channel};

    #[derive(Debug, Default, Consumer)]
    pub(super) struct Room<T: Default + Send + 'static>(PhantomData<T>);

    #[channel(name = "concrete")]
    impl Room<u8> {
        #[cfg(test)]
        #[ws_handler(sends(Ping))]
        async fn ping(&mut self, _: Ping) -> Pong {
            Pong
        }

        #[cfg(not(test))]
        #[ws_handler(sends(Pong))]
        async fn ping(&mut self, _: Ping) {}

        #[cfg(not(test))]
        #[event_handler(sends(Ping))]
        async fn absent(&mut self, event: Absent) {}
    }
}

use chanx::{Channel, Message, SentBy};

fn name<C: Channel>() -> &'static str {
    C::NAME
}

fn sends<C: Channel, M: SentBy<C>>() -> &'static [&'static str] {
    M::ACTIONS
}

#[test]
fn nothing_in_scope_changes_what_is_meant() {
    assert_eq!(name::<bare::Room>(), "bare");
    assert_eq!(sends::<bare::Room, bare::Any>(), ["type"]);
    assert_eq!(<bare::Type as Message>::describe().name, "Type");
    assert_eq!(<bare::Type as Message>::describe().examples.len(), 1);
}

#[test]
fn a_macro_may_declare_channels() {
    assert_eq!(name::<generated::Words>(), "words");
    assert_eq!(name::<generated::Numbers>(), "numbers");
    assert_eq!(sends::<generated::Words, generated::Word>(), ["word"]);
    assert_eq!(generated::Number::ACTION, "number");
}

#[test]
fn one_type_of_a_generic_consumer_has_a_channel() {
    assert_eq!(name::<concrete::Room<u8>>(), "concrete");
    assert_eq!(sends::<concrete::Room<u8>, chanx::Ping>(), ["ping"]);
}
