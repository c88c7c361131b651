//! A client, as the files that it is given out in.

use std::fmt::{self, Write};

use chanx_core::describe::Protocol;
use serde_json::Value;

use crate::{
    channel::{Channel, Describer},
    names::{Names, key, quoted},
    runtime,
    types::NamedTypes,
};

/// Stands above each file.
const HEAD: &str = "// A client of chanx channels, made from them: whatever is changed here is lost.\n\
    /* eslint-disable */\n";

/// Stands before what is not made from channels.
const RULE: &str = "// What connects, the same for all channels.\n";

/// What the functions that connect have in common.
const CHANNELS: &str = "/**
 * The channels of a server.
 *
 * `base` is its address, such as `wss://chat.example`; a page has its own by default. A path in it stands before
 * those of the channels. `options` are those of all connections, and what a connection is given stands above them.
 */
";

/// A client of channels, in TypeScript and in JavaScript.
///
/// # Examples
///
/// ```
/// use chanx::{describe::Protocol, typescript::Client};
///
/// # fn read() -> Protocol { Protocol::of_each_way(&[]) }
/// let protocol: Protocol = read(); // of a file that the application has written
/// let client = Client::of(&protocol);
/// # let folder = std::env::temp_dir();
/// std::fs::write(folder.join("client.ts"), client.typescript())?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone)]
pub struct Client {
    channels: Vec<Signature>,
    /// The types, those of channels first.
    types: String,
}

/// A function that connects.
#[derive(Clone)]
struct Signature {
    comment: String,
    /// Its head in an interface.
    typed: String,
    /// As a property of an object.
    code: String,
}

impl Client {
    /// The client of all channels of a protocol, best of one that is
    /// [`of_each_way`](Protocol::of_each_way).
    #[must_use]
    pub fn of(protocol: &Protocol) -> Self {
        let own = ["Channels", "channels"].map(ToOwned::to_owned);
        let mut types = Names::beside(runtime::names().chain(own));
        let named = NamedTypes::of(protocol, &mut types);
        let mut describer = Describer {
            protocol,
            convert: &named.convert,
            types: &mut types,
            functions: Names::of_functions(),
        };
        // A topic is no connection of its own.
        let channels = protocol.channels.iter();
        let channels = channels.filter(|channel| channel.topic.is_none());
        let channels: Vec<_> = channels.map(|channel| describer.channel(channel)).collect();

        let roots = channels.iter().flat_map(|channel| {
            let parameters = channel.parameters.iter();
            parameters.chain([&channel.of])
        });
        let named = named.write(roots);
        let of_channels = channels.iter().map(|channel| {
            let comment = format!(
                "/** What the compiler knows of `{}`. */\n",
                channel.function
            );
            format!(
                "{comment}export type {} = {};\n",
                channel.name,
                channel.of.write("")
            )
        });
        let types = of_channels.chain((!named.is_empty()).then_some(named));
        Self {
            types: types.collect::<Vec<_>>().join("\n"),
            channels: channels.iter().map(Signature::of).collect(),
        }
    }

    /// `client.ts`: types and code in one file, strict TypeScript for ES2022,
    /// in syntax that Node takes off by itself.
    #[must_use]
    pub fn typescript(&self) -> String {
        let signature = "export function channels(base?: string | { href: string }, \
            options: ClientOptions = {}): Channels";
        let runtime = runtime::typescript();
        let code = self.code(signature);
        [HEAD, &self.interface(), &code, &self.types, RULE, &runtime].join("\n")
    }

    /// `client.js`: the code alone, for those without TypeScript.
    #[must_use]
    pub fn javascript(&self) -> String {
        let code = self.code("export function channels(base, options = {})");
        let code = code.strip_prefix(CHANNELS).unwrap_or(&code);
        format!("{HEAD}\n{code}{}", runtime::JAVASCRIPT)
    }

    /// `client.d.ts`: the types alone, which go with `client.js`.
    #[must_use]
    pub fn declarations(&self) -> String {
        let signature = "export declare function channels(base?: string | { href: string }, \
            options?: ClientOptions): Channels;\n";
        let function = format!("{CHANNELS}{signature}");
        let runtime = runtime::DECLARATIONS;
        [
            HEAD,
            &self.interface(),
            &function,
            &self.types,
            RULE,
            runtime,
        ]
        .join("\n")
    }

    fn interface(&self) -> String {
        let channels = self.channels.iter();
        let functions =
            channels.map(|Signature { comment, typed, .. }| format!("{comment}    {typed};\n"));
        let functions: String = functions.collect();
        format!(
            "/** What connects to the channels of a server. */\nexport interface Channels {{\n{functions}}}\n"
        )
    }

    fn code(&self, signature: &str) -> String {
        let mut code = format!("{CHANNELS}{signature} {{\n    return {{\n");
        for Signature { code: one, .. } in &self.channels {
            // Nothing that is written to a text fails.
            let _ = writeln!(code, "        {one},");
        }
        code + "    };\n}\n"
    }
}

impl Signature {
    fn of(channel: &Channel) -> Self {
        let Channel {
            function,
            name,
            about,
            ..
        } = channel;
        let optional = if channel.needs_query { "" } else { "?" };
        let options = format!("options{optional}: ConnectionOptions<{name}>");
        let (parameters, path, given) = match &channel.parameters {
            Some(parameters) => {
                let path = format!("path: {}, ", parameters.write("    "));
                (path, "path, own", "path")
            }
            None => (String::new(), "own", "{}"),
        };
        Self {
            comment: channel.comment.write("    "),
            typed: format!("{function}({parameters}{options}): ChannelConnection<{name}>"),
            code: format!(
                "{function}: ({path}) => connect({}, base, {given}, options, own)",
                literal(about)
            ),
        }
    }
}

/// A value as code.
fn literal(value: &Value) -> String {
    match value {
        Value::Object(keys) => {
            let keys = keys.iter();
            let keys = keys.map(|(name, value)| format!("{}: {}", key(name), literal(value)));
            format!("{{ {} }}", keys.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => quoted(text),
        value => value.to_string(),
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let channels = self.channels.iter().map(|channel| &channel.typed);
        f.debug_struct("Client")
            .field("channels", &channels.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
