//! The syntax of a block: its keys, and the methods that are marked as handlers.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, ImplItem, ImplItemFn, Item, ItemImpl, Path, Signature, parse_quote};

use super::{
    conditional,
    mark::{Mark, marked_by, signature_lints, silenced},
    owner::Owner,
    topic::parse as topic,
    waiting,
};
use crate::{
    args::{Args, Grammar, Key},
    errors::Errors,
    handler::{EVENT_HANDLER, WS_HANDLER},
    kind::Kind,
};

const CHANNEL: Grammar = Grammar {
    attribute: "channel",
    keys: &[
        Key::once("name", "name = \"…\""),
        Key::once("description", "description = \"…\""),
        Key::once("tags", "tags = [\"…\"]"),
        Key::once("groups", "groups = [\"…\"]"),
        Key::once("sends", "sends(Type)"),
        Key::once("passthrough", "passthrough(Type)"),
        Key::once("include", "include(self.field: Part)"),
        Key::once("security", "security(bearer)"),
        Key::once("path", "path(Type)"),
        Key::once("query", "query(Type)"),
        Key::once("headers", "headers(Type)"),
        Key::once("crate", "crate = path"),
    ],
};

const HANDLERS: Grammar = Grammar {
    attribute: "handlers",
    keys: &[
        Key::once("sends", "sends(Type)"),
        Key::once("passthrough", "passthrough(Type)"),
        Key::once("include", "include(self.field: Part)"),
        Key::once("crate", "crate = path"),
    ],
};

const HANDLER_KEYS: &[Key] = &[
    Key::once("summary", "summary = \"…\""),
    Key::once("description", "description = \"…\""),
    Key::once("tags", "tags = [\"…\"]"),
    Key::once("sends", "sends(Type)"),
    Key::once("reasons", "reasons(\"…\")"),
];

/// Events answer nobody, so that there are no reasons to give.
const EVENT_HANDLER_KEYS: &[Key] = HANDLER_KEYS.split_at(HANDLER_KEYS.len() - 1).0;

/// A block as it was written.
pub(super) struct Block {
    pub(super) owner: Owner,
    pub(super) args: Args,
    /// The path of the facade.
    pub(super) root: Path,
    /// The block as it is emitted, its handlers' attributes told that they stand in one.
    pub(super) written: ItemImpl,
    pub(super) methods: Vec<Method>,
    pub(super) topics: Vec<topic::Topic>,
}

/// A method that is marked as a handler.
pub(super) struct Method {
    pub(super) kind: Kind,
    pub(super) args: Args,
    /// Marks behind the first.
    pub(super) surplus: Vec<Attribute>,
    pub(super) attrs: Vec<Attribute>,
    pub(super) signature: Signature,
    /// True unless it can be seen that it waits for nothing.
    pub(super) may_wait: bool,
}

/// The kind of input that a marked method handles.
fn kind(attr: &Attribute) -> Option<Kind> {
    match marked_by(attr.path())? {
        Mark::Handler(kind) => Some(kind),
        Mark::Topic => None,
    }
}

pub(super) fn block(
    owner: Owner,
    args: TokenStream,
    item: TokenStream,
    errors: &mut Errors,
) -> Option<Block> {
    let grammar = match owner {
        Owner::Consumer => CHANNEL,
        Owner::Part => HANDLERS,
    };
    let args = grammar.read(args, errors);
    let root = args
        .path("crate", errors)
        .unwrap_or_else(|| parse_quote!(::chanx));
    let mut written = impl_block(owner, item, errors)?;
    let functions = written.items.iter_mut().filter_map(|item| match item {
        ImplItem::Fn(function) => Some(function),
        _ => None,
    });
    // What the block's other attributes make of it is seen only later.
    let is_as_written = waiting::are_harmless(&written.attrs);
    let (mut methods, mut topics) = (Vec::new(), Vec::new());
    for function in functions {
        conditional::refuse(owner, &mut function.attrs, errors);
        match topic::topic(function, &root, errors) {
            Some(topic) => topics.push(topic),
            None => methods.extend(method(function, is_as_written, &root, errors)),
        }
    }
    Some(Block {
        owner,
        args,
        root,
        written,
        methods,
        topics,
    })
}

fn impl_block(owner: Owner, item: TokenStream, errors: &mut Errors) -> Option<ItemImpl> {
    match syn::parse2(item.clone()) {
        Ok(Item::Impl(block)) => Some(block),
        Ok(_) => {
            let first = item
                .into_iter()
                .find(|token| !matches!(token, TokenTree::Punct(_) | TokenTree::Group(_)));
            let mistake = format!(
                "`#[{}]` goes on the `impl` block that has a {}'s handlers",
                owner.attribute(),
                owner.noun(),
            );
            errors.at(first, mistake);
            None
        }
        Err(error) => {
            errors.push(error);
            None
        }
    }
}

/// Reads a method's mark, and rewrites it in place to one that keeps silent.
///
/// It is named by its full path, so that nobody has to import it; being there
/// at all is what lets an editor show its documentation.
fn method(
    function: &mut ImplItemFn,
    is_as_written: bool,
    root: &Path,
    errors: &mut Errors,
) -> Option<Method> {
    let mut marks = function
        .attrs
        .iter_mut()
        .filter_map(|attr| Some((kind(attr)?, attr)));
    let (kind, mark) = marks.next()?;
    let (attribute, keys) = match kind {
        Kind::Message => (WS_HANDLER, HANDLER_KEYS),
        Kind::Event => (EVENT_HANDLER, EVENT_HANDLER_KEYS),
    };
    let grammar = Grammar { attribute, keys };
    let args = grammar.read(silenced(mark, root), errors);
    let surplus = marks.map(|(_, mark)| {
        let another = mark.clone();
        silenced(mark, root);
        another
    });
    let surplus = surplus.collect();
    let attrs = function.attrs.clone();
    let is_as_written = is_as_written && waiting::are_harmless(&attrs);
    let may_wait = !is_as_written || waiting::may_wait(&function.block);
    // Before the user's own, which go before it.
    function.attrs.insert(0, signature_lints());
    Some(Method {
        kind,
        args,
        surplus,
        attrs,
        signature: function.sig.clone(),
        may_wait,
    })
}
