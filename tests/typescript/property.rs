//! What serde writes is of the types that the client has for it, and what is of these types
//! serde reads.
//!
//! Values are drawn from the schemas, so they are of the types; the compiler confirms it,
//! and has the same said of what serde makes of them.

use std::fmt::Write;

use chanx::describe::Protocol;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    tools::Folder,
    values::Values,
    zoo::{
        self, Bare, Enums, Flattened, Hostile, Maps, Numbers, Options, Rest, Shapes, Texts, Tree,
    },
};

/// How many values are drawn of each message.
const VALUES: usize = 48;

/// Constants with a type each, as a program that either compiles or does not.
struct Program<'a> {
    protocol: &'a Protocol,
    runner: TestRunner,
    code: String,
}

impl Program<'_> {
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
            let action = Value::from(message.action.as_str());
            self.constant(
                &format!("ZooChannel[\"takes\"][{action}][\"payload\"]"),
                &read,
            );
            self.constant(
                &format!("MessageOf<ZooChannel, {action}>[\"payload\"]"),
                &written,
            );
        }
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
    let mut program = Program {
        protocol: &protocol,
        runner: TestRunner::deterministic(),
        code: String::new(),
    };
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

    let folder = Folder::new("property");
    folder.write("client.ts", &channels.typescript_client().typescript());
    let head = "import type { MessageOf, ZooChannel } from \"./client.ts\";\n\
        function use<T>(_: T): void {}\n";
    folder.write("values.ts", &format!("{head}{}", program.code));

    folder.check(&["values.ts"], &[]);
}
