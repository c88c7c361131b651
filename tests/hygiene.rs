//! The macros mean the same wherever they are written.

/// Without a prelude, under another name, beside types of the names that
/// expansions use.
mod bare {
    #![no_implicit_prelude]

    mod web {
        pub(super) use ::chanx::{
            __private0_1_0, Connect, Consumer, Event, EventSet, HandledBy, Message, MessageSet,
            Rejection, SentBy, event_handler, ws_handler,
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

    #[derive(::chanx::MessageEnum)]
    #[messages(crate = web)]
    pub(super) enum Any {
        Type(Type),
    }

    #[derive(::std::clone::Clone, ::chanx::EventEnum)]
    #[events(crate = web)]
    enum Anything {
        Happened(Happened),
    }

    #[derive(::std::default::Default, ::chanx::Connect, ::chanx::Consumer)]
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
    use chanx::{Connect, Consumer, Context, Message, channel};
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    macro_rules! echo {
        ($consumer:ident, $name:literal, $message:ty, $context:ty) => {
            #[derive(Default, Connect, Consumer)]
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

/// Beside a trait that everything has, with methods of usual names.
mod elsewhere {
    use chanx::{Event, Message};
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    #[expect(dead_code, reason = "it is only in the way")]
    trait Everything: Sized {
        fn read(self, _: u8) {}
        fn decode(self, _: u8) {}
        fn describe(self, _: u8) {}
        fn of_event(self) {}
    }

    impl<T> Everything for T {}

    #[derive(Serialize, Deserialize, JsonSchema, Message)]
    pub(super) struct Word {
        text: String,
    }

    #[derive(Serialize, Deserialize, JsonSchema, Message)]
    pub(super) struct Wordless;

    #[derive(Clone, Serialize, Deserialize, JsonSchema, Event)]
    pub(super) struct Happened;
}

/// Beside statics and constants of every name that an expansion might bind, and
/// modules and types of every name that it might mention.
mod crowded {
    #![allow(
        non_upper_case_globals,
        non_camel_case_types,
        dead_code,
        reason = "they are only in the way"
    )]

    macro_rules! in_the_way {
        ($($name:ident)*) => {
            $(static $name: usize = 0;)*
        };
    }
    macro_rules! constants_in_the_way {
        ($($name:ident)*) => {
            $(const $name: usize = 0;)*
        };
    }

    in_the_way!(message consumer ctx context definition encoder action handler call HANDLED);
    constants_in_the_way!(reply payload event messages room name_of_it error value frame ACTION);

    mod chanx {}
    mod core {}
    mod std {}
    mod alloc {}
    struct str;
    struct u8;
    struct Vec;
    struct From;
    struct Ok;
    struct Some;
    struct None;

    use ::chanx::{Connect, Consumer, Context, EventEnum, MessageEnum, channel};

    /// Whose derives of schemars and serde are elsewhere: they, too, say `str`.
    use super::elsewhere::{Happened, Word, Wordless};

    #[derive(MessageEnum)]
    pub(super) enum Words {
        Word(Word),
        Wordless(Wordless),
    }

    #[derive(Clone, EventEnum)]
    pub(super) enum Happenings {
        Happened(Happened),
    }

    #[derive(Default, Connect, Consumer)]
    pub(super) struct Room;

    /// Described.
    #[channel(
        name = "crowded",
        tags = ["words"],
        groups = ["here"],
        sends(Word),
        security(bearer),
        path(Word),
        query(Word),
        headers(Word)
    )]
    impl Room {
        /// Summed up.
        #[ws_handler(sends(Wordless), tags = ["words"])]
        async fn words(&mut self, words: Words, _: &mut Context<Self>) -> Words {
            words
        }

        #[event_handler]
        async fn happenings(&mut self, _: &mut Context<Self>, _: Happenings) {}
    }
}

/// For one type of a generic one, with methods that not every build has.
mod concrete {
    use std::marker::PhantomData;

    use chanx::{Connect, Consumer, Ping, Pong, channel};

    #[derive(Debug, Default, Connect, Consumer)]
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

/// Under lints that a careful crate turns on.
mod strict {
    #![deny(
        warnings,
        unused_qualifications,
        missing_docs,
        unreachable_pub,
        single_use_lifetimes,
        clippy::pedantic,
        clippy::needless_pass_by_ref_mut
    )]

    use chanx::{
        Connect, Consumer, Context, Event, EventEnum, HandlerError, Message, MessageEnum, channel,
    };
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize, JsonSchema, Message)]
    #[message(example = Word { text: String::new() })]
    pub(super) struct Word {
        text: String,
    }

    #[derive(Serialize, Deserialize, JsonSchema, Message)]
    pub(super) struct Silence;

    #[derive(MessageEnum)]
    pub(super) enum Words {
        Word(Word),
        Silence(Silence),
    }

    #[derive(Clone, Serialize, Deserialize, Event)]
    pub(super) struct Opened;

    #[derive(Clone, EventEnum)]
    pub(super) enum Door {
        Opened(Opened),
    }

    #[derive(Default, Connect, Consumer)]
    pub(super) struct Room {
        words: usize,
    }

    #[channel(name = "strict", groups = ["strict"], sends(Words), passthrough())]
    impl Room {
        #[ws_handler(sends(Silence))]
        async fn word(
            &mut self,
            word: Word,
            ctx: &mut Context<Self>,
        ) -> Result<Option<Silence>, HandlerError> {
            self.words += word.text.len();
            ctx.send(Silence).await?;
            Ok((self.words > 0).then_some(Silence))
        }

        #[event_handler]
        async fn door(&mut self, Door::Opened(Opened): Door) -> Words {
            Words::Silence(Silence)
        }
    }
}

/// Code in which deprecated things still work, and are told of only where they are used.
mod deprecated {
    #![deny(warnings)]

    use std::borrow::Cow;

    use chanx::{Connect, Consumer, Context, Message, MessageEnum, channel};
    use schemars::{JsonSchema, Schema, SchemaGenerator};
    use serde::{Deserialize, Serialize};

    #[deprecated(since = "0.2.0", note = "say `Word`")]
    #[derive(Serialize, Deserialize, Message)]
    #[message(example = Old)]
    pub(super) struct Old;

    // Its derive does warn.
    #[allow(deprecated)]
    impl JsonSchema for Old {
        fn schema_name() -> Cow<'static, str> {
            "Old".into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            <()>::json_schema(generator)
        }
    }

    #[derive(Serialize, Deserialize, JsonSchema, Message)]
    pub(super) struct Word(String);

    #[derive(MessageEnum)]
    pub(super) enum Words {
        Word(Word),
        #[deprecated]
        #[allow(deprecated)]
        Old(Old),
    }

    #[derive(Default, Connect, Consumer)]
    pub(super) struct Room;

    #[channel(name = "deprecated")]
    impl Room {
        #[deprecated(note = "use `word`")]
        #[ws_handler]
        async fn silence(&mut self, _: chanx::Ping) {}

        #[expect(deprecated)]
        #[ws_handler(sends(Old))]
        async fn old(&mut self, _: Old, _: &mut Context<Self>) -> Option<Old> {
            None
        }

        #[ws_handler]
        async fn word(&mut self, word: Word) -> Word {
            word
        }
    }

    #[deprecated]
    #[derive(Default, Connect, Consumer)]
    pub(super) struct OldRoom;

    #[allow(deprecated)]
    #[channel(name = "old", sends(Words))]
    impl OldRoom {
        #[ws_handler]
        async fn old(&mut self, _: Old) {}
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
    assert_eq!(name::<crowded::Room>(), "crowded");
    assert_eq!(sends::<crowded::Room, elsewhere::Wordless>(), ["wordless"]);
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

#[test]
fn lints_of_the_user_do_not_find_what_is_generated() {
    assert_eq!(name::<strict::Room>(), "strict");
    assert_eq!(sends::<strict::Room, strict::Words>(), ["word", "silence"]);
}

#[test]
fn what_is_deprecated_is_told_where_it_is_used_alone() {
    assert_eq!(name::<deprecated::Room>(), "deprecated");
    #[expect(deprecated, reason = "it is old")]
    let old = name::<deprecated::OldRoom>();
    assert_eq!(old, "old");
}
