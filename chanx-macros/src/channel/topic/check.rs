//! The check that a method is a topic; it puts errors under the words at fault.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, FnArg, Ident, LitStr, ReturnType, Signature, Type};

use super::{
    parse,
    pattern::{Pattern, Shape},
};
use crate::{
    channel::{
        conditional::conditions,
        parameters::Context,
        signature::{self, Receiver},
    },
    deprecation, doc,
    errors::Errors,
};

const METHOD: &str = "a topic's method";

/// A topic without mistakes.
pub(in crate::channel) struct Topic<'a> {
    pub(in crate::channel) pattern: LitStr,
    pub(in crate::channel) method: &'a Ident,
    pub(in crate::channel) conditions: Vec<Attribute>,
    pub(in crate::channel) receiver: Receiver<'a>,
    /// The type that the parameters are read as.
    pub(in crate::channel) parameters: Option<&'a Type>,
    pub(in crate::channel) context: Option<Context<'a>>,
    pub(in crate::channel) admits: &'a Type,
    pub(in crate::channel) summary: Option<String>,
    pub(in crate::channel) description: Option<String>,
    pub(in crate::channel) deprecated: bool,
}

/// The topics of a block, but for those with mistakes.
pub(in crate::channel) fn topics<'a>(
    parsed: &'a [parse::Topic],
    errors: &mut Errors,
) -> Vec<Topic<'a>> {
    let mut topics = Vec::new();
    // Those that are there under every condition.
    let mut known: Vec<(Shape, LitStr)> = Vec::new();
    for written in parsed {
        let Some((topic, shape)) = topic(written, errors) else {
            continue;
        };
        if topic.conditions.is_empty() {
            if let Some((first, written)) = known.iter().find(|(first, _)| first.covers(&shape)) {
                errors.at(&topic.pattern, never_called(*first == shape, written));
                continue;
            }
            known.push((shape, topic.pattern.clone()));
        }
        topics.push(topic);
    }
    topics
}

/// The mistake of a pattern whose topics all go to an earlier one.
fn never_called(is_same: bool, first: &LitStr) -> String {
    let first = first.value();
    match is_same {
        true => format!(
            "this is the pattern `{first}` once more: the first that matches has a topic, so that \
             this method would never be called"
        ),
        false => format!(
            "`{first}` has every topic of this pattern: the first that matches has a topic, so that \
             this method would never be called; put it before that one"
        ),
    }
}

/// Refuses the topics of a part.
pub(in crate::channel) fn refuse(parsed: &[parse::Topic], errors: &mut Errors) {
    for written in parsed {
        let mistake =
            "a part has no topics: write this method in the `#[channel]` block of the hub";
        errors.at(&written.mark, mistake);
    }
}

fn topic<'a>(written: &'a parse::Topic, errors: &mut Errors) -> Option<(Topic<'a>, Shape)> {
    for another in &written.surplus {
        errors.at(
            another,
            "a method is a topic or a handler: it has one of `#[topic]`, `#[ws_handler]`, `#[event_handler]`",
        );
    }
    let pattern = pattern(written, errors);
    let signature = &written.signature;
    let is_function = signature::is_plain_async(signature, METHOD, errors);
    let receiver = signature::receiver(signature, METHOD, errors);
    let parameters = parameters(signature, errors);
    let admits = admits(signature, errors);
    let (pattern, parameters) = (pattern?, parameters?);
    let (parameters, context) = parameters;
    let fits = fits(&pattern, parameters, signature, errors);
    let (summary, rest) = doc::summary_and_rest(&written.attrs);
    let topic = Topic {
        pattern: pattern.written,
        method: &signature.ident,
        conditions: conditions(&written.attrs),
        receiver: receiver?,
        parameters,
        context,
        admits: admits?,
        summary: written.args.text("summary", errors).or(summary),
        description: written.args.text("description", errors).or(rest),
        deprecated: written.attrs.iter().any(deprecation::is_deprecated),
    };
    let is_sound = is_function && fits && written.surplus.is_empty();
    is_sound.then_some((topic, pattern.shape))
}

fn pattern(written: &parse::Topic, errors: &mut Errors) -> Option<Pattern> {
    let Some(pattern) = &written.pattern else {
        let mistake = "a topic has a pattern: write `#[topic(\"room:{room}\")]`";
        errors.at(&written.mark, mistake);
        return None;
    };
    Pattern::check(pattern, errors)
}

/// The parameters that are taken by value, and those by `&mut`.
fn parameters<'a>(
    signature: &'a Signature,
    errors: &mut Errors,
) -> Option<(Option<&'a Type>, Option<Context<'a>>)> {
    let (mut values, mut contexts) = (Vec::new(), Vec::new());
    let mut is_sound = true;
    for input in &signature.inputs {
        let FnArg::Typed(parameter) = input else {
            continue;
        };
        match bare(&parameter.ty) {
            Type::Reference(reference) if reference.mutability.is_some() => {
                let context = Context {
                    target: &reference.elem,
                    comes_first: values.is_empty(),
                };
                contexts.push((parameter, context));
            }
            written @ (Type::Reference(_) | Type::ImplTrait(_)) => {
                let mistake = "a topic's method takes the parameters of its pattern by value, \
                               and its context as `&mut Context<Self>`";
                errors.at(written, mistake);
                is_sound = false;
            }
            written => values.push((parameter, written)),
        }
    }
    if let Some((another, _)) = values.get(1) {
        let mistake = "a topic's method takes the parameters of its pattern as one value: \
                       for several, take a struct with a field for each";
        errors.at(another, mistake);
        is_sound = false;
    }
    if let Some((another, _)) = contexts.get(1) {
        errors.at(another, "a topic's method takes one context");
        is_sound = false;
    }
    let value = values.first().map(|(_, written)| *written);
    let context = contexts.into_iter().next().map(|(_, context)| context);
    is_sound.then_some((value, context))
}

/// Without what a `macro_rules!` has put around it.
fn bare(written: &Type) -> &Type {
    match written {
        Type::Group(group) => bare(&group.elem),
        written => written,
    }
}

/// The type that the method returns.
fn admits<'a>(signature: &'a Signature, errors: &mut Errors) -> Option<&'a Type> {
    let ReturnType::Type(_, written) = &signature.output else {
        let mistake = "a topic's method returns the consumer of the subscription: \
                       write `-> Result<Room, Rejection>`";
        errors.at(&signature.ident, mistake);
        return None;
    };
    if let Type::ImplTrait(_) = &**written {
        errors.at(written, "name the type: its channel is documented");
        return None;
    }
    if let Some(itself) = itself(written.to_token_stream()) {
        let mistake = "a topic's consumer is another type than its hub: \
                       it has no topics of its own";
        errors.at(itself, mistake);
        return None;
    }
    Some(written)
}

/// The word `Self`, where it stands in a type.
fn itself(written: TokenStream) -> Option<TokenTree> {
    written.into_iter().find_map(|token| match token {
        TokenTree::Ident(ref word) if word == "Self" => Some(token),
        TokenTree::Group(group) => itself(group.stream()),
        _ => None,
    })
}

/// True if the method takes parameters exactly if the pattern has any.
fn fits(
    pattern: &Pattern,
    taken: Option<&Type>,
    signature: &Signature,
    errors: &mut Errors,
) -> bool {
    match (pattern.parameters.as_slice(), taken) {
        ([], Some(taken)) => {
            let mistake = format!(
                "`{}` has no parameter to be read as this: write one in braces, such as `room:{{room}}`",
                pattern.written.value(),
            );
            errors.at(taken, mistake);
            false
        }
        ([only], None) => {
            let mistake = format!("the method takes the pattern's parameter: add `{only}: String`");
            errors.at(&signature.ident, mistake);
            false
        }
        ([_, ..], None) => {
            let names = pattern.parameters.join("`, `");
            let mistake = format!(
                "the method takes the pattern's parameters: add a struct that has the fields `{names}`"
            );
            errors.at(&signature.ident, mistake);
            false
        }
        _ => true,
    }
}
