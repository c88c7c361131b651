//! The syntax of a topic: its pattern, and the method that is marked with it.

use proc_macro2::TokenStream;
use syn::{
    Attribute, ImplItemFn, LitStr, Path, Signature, Token,
    parse::{ParseStream, Parser},
};

use crate::{
    args::{Args, Grammar, Key},
    channel::mark::{Mark, marked_by, signature_lints, silenced},
    errors::Errors,
    handler::TOPIC,
};

const KEYS: Grammar = Grammar {
    attribute: TOPIC,
    keys: &[
        Key::once("summary", "summary = \"…\""),
        Key::once("description", "description = \"…\""),
    ],
};

/// A method that is marked as a topic.
pub(in crate::channel) struct Topic {
    /// The mark, as it was written.
    pub(super) mark: Attribute,
    pub(super) pattern: Option<LitStr>,
    pub(super) args: Args,
    /// Marks behind the first.
    pub(super) surplus: Vec<Attribute>,
    pub(in crate::channel) attrs: Vec<Attribute>,
    pub(super) signature: Signature,
}

/// Reads a method's mark, if it is that of a topic, and rewrites it in place to
/// one that keeps silent.
pub(in crate::channel) fn topic(
    function: &mut ImplItemFn,
    root: &Path,
    errors: &mut Errors,
) -> Option<Topic> {
    let mut marks = function
        .attrs
        .iter_mut()
        .filter(|attr| marked_by(attr.path()).is_some());
    let mark = marks.next()?;
    if marked_by(mark.path()) != Some(Mark::Topic) {
        return None;
    }
    let written = mark.clone();
    let surplus = marks.map(|mark| {
        let another = mark.clone();
        let _ = silenced(mark, root);
        another
    });
    let surplus = surplus.collect();
    let mark = function
        .attrs
        .iter_mut()
        .find(|attr| marked_by(attr.path()) == Some(Mark::Topic))?;
    let (pattern, args) = arguments(silenced(mark, root), errors);
    let attrs = function.attrs.clone();
    function.attrs.insert(0, signature_lints());
    Some(Topic {
        mark: written,
        pattern,
        args,
        surplus,
        attrs,
        signature: function.sig.clone(),
    })
}

/// The pattern, and what comes behind it.
fn arguments(tokens: TokenStream, errors: &mut Errors) -> (Option<LitStr>, Args) {
    let split = |input: ParseStream<'_>| {
        let pattern = match input.peek(LitStr) {
            true => Some(input.parse::<LitStr>()?),
            false => None,
        };
        if pattern.is_some() {
            input.parse::<Option<Token![,]>>()?;
        }
        Ok((pattern, input.parse::<TokenStream>()?))
    };
    match split.parse2(tokens) {
        Ok((Some(pattern), rest)) => (Some(pattern), KEYS.read(rest, errors)),
        // It is told what comes first.
        Ok((None, _)) => (None, Args::default()),
        Err(error) => {
            errors.push(error);
            (None, Args::default())
        }
    }
}
