//! The check that a block can be expanded; it puts errors under the words at fault.

use heck::ToSnakeCase;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, Ident, LitStr, Path, Type, ext::IdentExt};

use super::{
    conditional::conditions,
    declared::{Claim, Declared, words},
    include::{self, Include},
    owner::Owner,
    parameters::Context,
    parse::{self, Method},
    security::{self, Security},
    signature::{self, Receiver},
    topic::check as topic,
};
use crate::{deprecation, doc, errors::Errors, kind::Kind};

/// A block that can be expanded.
pub(super) struct Block<'a> {
    /// The consumer, or the part.
    pub(super) consumer: &'a Type,
    pub(super) root: Path,
    /// Attributes of every item that is generated.
    pub(super) lints: Option<TokenStream>,
    /// The messages that are sent outside any one handler.
    pub(super) sends: Vec<Type>,
    pub(super) passthrough: Vec<Type>,
    pub(super) includes: Vec<Include>,
    pub(super) handlers: Vec<Handler<'a>>,
    /// What a part has not.
    pub(super) channel: Option<Channel<'a>>,
}

/// What a consumer's block has besides.
pub(super) struct Channel<'a> {
    pub(super) name: LitStr,
    pub(super) description: Option<String>,
    pub(super) tags: Vec<LitStr>,
    pub(super) groups: Vec<LitStr>,
    /// The credentials that the handshake reads.
    pub(super) security: Vec<Security>,
    /// The types of the path's parameters, of the query and of the headers.
    pub(super) path: Option<Type>,
    pub(super) query: Option<Type>,
    pub(super) headers: Option<Type>,
    pub(super) topics: Vec<topic::Topic<'a>>,
}

impl Block<'_> {
    /// The types that handlers or `passthrough` take, in order of declaration.
    pub(super) fn claims(&self, kind: Kind) -> Vec<Claim<'_>> {
        let handlers = self.handlers.iter().filter(|handler| handler.kind == kind);
        let consumer = words(self.consumer);
        let handlers = handlers.map(|handler| {
            let method = handler.method.unraw();
            Claim {
                by: method.to_string(),
                by_of: format!("{consumer}::{method}"),
                claimed: handler.message,
                conditions: &handler.conditions,
            }
        });
        let passthrough = self.passthrough.iter().filter(|_| kind == Kind::Event);
        let passthrough = passthrough.map(|event| {
            let event_words = words(event);
            Claim {
                by: format!("passthrough({event_words})"),
                by_of: format!("passthrough({event_words}) of {consumer}"),
                claimed: event,
                conditions: &[],
            }
        });
        handlers.chain(passthrough).collect()
    }

    /// The messages that any handler or the channel itself declares to send.
    pub(super) fn sent(&self) -> Declared<'_> {
        let mut sent = Declared::default();
        for message in &self.sends {
            sent.add(message, &[]);
        }
        for handler in &self.handlers {
            for message in &handler.sends {
                sent.add(message, &handler.conditions);
            }
        }
        sent
    }
}

/// A handler without mistakes.
pub(super) struct Handler<'a> {
    pub(super) kind: Kind,
    pub(super) method: &'a Ident,
    /// The conditions under which the method exists.
    pub(super) conditions: Vec<Attribute>,
    pub(super) receiver: Receiver<'a>,
    pub(super) message: &'a Type,
    pub(super) context: Option<Context<'a>>,
    pub(super) reply: Type,
    pub(super) summary: Option<String>,
    pub(super) description: Option<String>,
    pub(super) tags: Vec<LitStr>,
    pub(super) sends: Vec<Type>,
    /// The reasons for which clients may be told that a message of theirs failed.
    pub(super) reasons: Vec<LitStr>,
    pub(super) deprecated: bool,
    /// True unless it can be seen that it waits for nothing.
    pub(super) may_wait: bool,
}

pub(super) fn block<'a>(parsed: &'a parse::Block, errors: &mut Errors) -> Option<Block<'a>> {
    let args = &parsed.args;
    let consumer = &*parsed.written.self_ty;
    let one_type = is_one_type(parsed, errors);
    let channel = match parsed.owner {
        Owner::Consumer => Some(channel(parsed, errors)),
        Owner::Part => {
            topic::refuse(&parsed.topics, errors);
            None
        }
    };
    let block = Block {
        consumer,
        root: parsed.root.clone(),
        lints: lints(parsed),
        sends: args.types("sends", errors),
        passthrough: args.types("passthrough", errors),
        includes: include::check(args, consumer, errors),
        handlers: parsed
            .methods
            .iter()
            .filter_map(|method| handler(method, errors))
            .collect(),
        channel,
    };
    one_type.then_some(block)
}

fn channel<'a>(parsed: &'a parse::Block, errors: &mut Errors) -> Channel<'a> {
    let args = &parsed.args;
    Channel {
        name: name(parsed, errors),
        description: args
            .text("description", errors)
            .or_else(|| doc::text(&parsed.written.attrs)),
        tags: args.strings("tags", errors),
        groups: args.strings("groups", errors),
        security: security::check(args, errors),
        path: args.one_type("path", errors),
        query: args.one_type("query", errors),
        headers: args.one_type("headers", errors),
        topics: topic::topics(&parsed.topics, errors),
    }
}

/// The lints about deprecation on the block or its handlers, which hold for what is
/// generated from them.
fn lints(parsed: &parse::Block) -> Option<TokenStream> {
    let methods = parsed.methods.iter().flat_map(|method| &method.attrs);
    let topics = parsed.topics.iter().flat_map(|topic| &topic.attrs);
    deprecation::silence(parsed.written.attrs.iter().chain(methods).chain(topics))
}

/// The first lifetime of the type that is not `'static`.
fn borrowed(written: &TokenStream) -> Option<TokenStream> {
    let mut tokens = written.clone().into_iter();
    while let Some(token) = tokens.next() {
        let found = match token {
            TokenTree::Punct(apostrophe) if apostrophe.as_char() == '\'' => tokens
                .next()
                .filter(|name| name.to_string() != "static")
                .map(|name| quote!(#apostrophe #name)),
            TokenTree::Group(group) => borrowed(&group.stream()),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// A block is of one concrete type, beside its methods.
fn is_one_type(parsed: &parse::Block, errors: &mut Errors) -> bool {
    let block = &parsed.written;
    let (attribute, noun) = (parsed.owner.attribute(), parsed.owner.noun());
    if let Some((path, _)) = &block.trait_ {
        let mistake = format!(
            "`#[{attribute}]` goes on the inherent `impl` block that has the handlers, not on the impl of a trait"
        );
        errors.at(path, mistake);
        return false;
    }
    if let Some(lifetime) = borrowed(&block.self_ty.to_token_stream()) {
        let mistake = format!(
            "a {noun} lives as long as its connection and borrows nothing: hold a `String` where it borrows a `&str`"
        );
        errors.at(lifetime, mistake);
        return false;
    }
    if !block.generics.params.is_empty() {
        let mistake = format!(
            "a {noun} cannot be generic: write the `#[{attribute}]` block for one type, such as `impl Room<Postgres>`"
        );
        errors.at(&block.generics, mistake);
        return false;
    }
    true
}

fn name(parsed: &parse::Block, errors: &mut Errors) -> LitStr {
    match parsed.args.string("name", errors) {
        Some(name) if name.value().is_empty() => {
            errors.at(&name, "a channel's name cannot be empty");
            name
        }
        Some(name) => name,
        None => {
            if parsed.args.lacks("name") {
                let example = example_name(&parsed.written.self_ty);
                let mistake =
                    format!("a channel needs a name: write `#[channel(name = \"{example}\")]`");
                errors.push(syn::Error::new(Span::call_site(), mistake));
            }
            LitStr::new("", Span::call_site())
        }
    }
}

/// A name to propose, which the user is free to change.
fn example_name(consumer: &Type) -> String {
    match consumer {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|last| last.ident.to_string().to_snake_case()),
        _ => None,
    }
    .unwrap_or_else(|| "room".to_owned())
}

/// The handler, unless anything about it is wrong.
fn handler<'a>(method: &'a Method, errors: &mut Errors) -> Option<Handler<'a>> {
    for another in &method.surplus {
        errors.at(
            another,
            "a handler has one attribute: `#[ws_handler]` for messages, `#[event_handler]` for events",
        );
    }
    let signature = signature::check(method, errors)?;
    let (summary, rest) = doc::summary_and_rest(&method.attrs);
    let handler = Handler {
        kind: method.kind,
        method: &method.signature.ident,
        conditions: conditions(&method.attrs),
        receiver: signature.receiver,
        message: signature.message,
        context: signature.context,
        reply: signature.reply,
        summary: method.args.text("summary", errors).or(summary),
        description: method.args.text("description", errors).or(rest),
        tags: method.args.strings("tags", errors),
        sends: method.args.types("sends", errors),
        reasons: method.args.listed("reasons", errors),
        deprecated: method.attrs.iter().any(deprecation::is_deprecated),
        may_wait: method.may_wait,
    };
    method.surplus.is_empty().then_some(handler)
}
