//! What serde writes is of the types that the client has for it, and what is of these types
//! serde reads.
//!
//! Values are drawn from the schemas, so they are of the types; the compiler confirms it,
//! and has the same said of what serde makes of them.

use std::fmt::Write;

use chanx::{Channels, describe::Protocol};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    annex::{
        self, Escapes, Flat, Keyed, MayBeFlat, Names, Nested, OnlyFlat, Overlaps, SameName, Tuple,
        Wide,
    },
    tools::Folder,
    values::Values,
    zoo::{
        self, Bare, Enums, Flattened, Hostile, Maps, Numbers, Options, Rest, Shapes, Texts, Tree,
    },
};

/// The number of values that are drawn of each message.
const VALUES: usize = 48;

/// Constants with a type each, as a program that either compiles or does not.
struct Program<'a> {
    protocol: &'a Protocol,
    /// The type of the channel that has the messages, the protocol's first.
    channel: &'static str,
    runner: TestRunner,
    code: String,
}

impl<'a> Program<'a> {
    fn new(protocol: &'a Protocol, channel: &'static str) -> Self {
        Self {
            protocol,
            channel,
            runner: TestRunner::deterministic(),
            code: String::new(),
        }
    }

    /// Draws values of a message, has serde read and write them, and has both checked.
    fn draw<T: Serialize + DeserializeOwned>(&mut self, method: &str) {
        let operations = &self.protocol.channels[0].operations;
        let operation = operations.iter().find(|one| one.name == method).unwrap();
        let message = &self.protocol.messages[&operation.messages[0]];
        let values = Values {
            types: &self.protocol.types,
        };
        let values = values.of(message.payload.as_value(), 3);
        for _ in 0..VALUES {
            let read = values.new_tree(&mut self.runner).unwrap().current();
            let value: T = serde_json::from_value(read.clone())
                .unwrap_or_else(|error| panic!("{method} does not read {read}: {error}"));
            let written = serde_json::to_value(value).unwrap();
            let (action, channel) = (Value::from(message.action.as_str()), self.channel);
            let taken = format!("{channel}[\"takes\"][{action}][\"payload\"]");
            self.constant(&taken, &read);
            let given = format!("MessageOf<{channel}, {action}>[\"payload\"]");
            self.constant(&given, &written);
        }
    }

    /// Has the compiler say whether it is so.
    fn check(self, channels: &Channels) {
        let Self { channel, code, .. } = self;
        let folder = Folder::new(&format!("property-{channel}"));
        folder.write("client.ts", &channels.typescript_client().typescript());
        let head = format!(
            "import type {{ MessageOf, {channel} }} from \"./client.ts\";\n\
             function use<T>(_: T): void {{}}\n"
        );
        folder.write("values.ts", &(head + &code));

        folder.check(&["values.ts"], &[]);
    }

    fn constant(&mut self, of: &str, value: &Value) {
        // In an object that is written out, `__proto__` is no property.
        let value = value
            .to_string()
            .replace("\"__proto__\":", "[\"__proto__\"]:");
        writeln!(self.code, "use<{of}>({value});").unwrap();
    }
}

#[test]
fn values_are_of_the_types_that_they_are_said_to_be() {
    let channels = zoo::channels();
    let protocol = channels.protocol();
    let mut program = Program::new(&protocol, "ZooChannel");
    program.draw::<Numbers>("numbers");
    program.draw::<Texts>("texts");
    program.draw::<Options>("options");
    program.draw::<Shapes>("shapes");
    program.draw::<Maps>("maps");
    program.draw::<Enums>("enums");
    program.draw::<Flattened>("flattened");
    program.draw::<Rest>("rest");
    program.draw::<Tree>("tree");
    program.draw::<Hostile>("hostile");
    program.draw::<Bare>("bare");

    program.check(&channels);
}

#[test]
fn values_of_stranger_types_are_too() {
    let channels = annex::channels();
    let protocol = channels.protocol();
    let mut program = Program::new(&protocol, "AnnexChannel");
    program.draw::<Escapes>("escapes");
    program.draw::<Nested>("nested");
    program.draw::<Wide>("wide");
    program.draw::<Keyed>("keyed");
    program.draw::<Tuple>("tuple");
    program.draw::<Flat>("flat");
    program.draw::<MayBeFlat>("may_be_flat");
    program.draw::<OnlyFlat>("only_flat");
    program.draw::<Overlaps>("overlaps");
    program.draw::<SameName>("same_name");
    program.draw::<Names>("names");

    program.check(&channels);
}
