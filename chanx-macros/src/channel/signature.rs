//! What a handler takes and returns, told by syntax alone: a `&mut` parameter
//! is the context, one by value the message.

use heck::ToUpperCamelCase;
use quote::ToTokens;
use syn::{
    FnArg, Receiver as SelfParameter, ReceiverKind, ReturnType, Safety, Signature as Written, Type,
    ext::IdentExt, parse_quote,
};

use super::parse::Method;
use crate::errors::Errors;

/// A signature without mistakes.
pub(super) struct Signature<'a> {
    pub(super) receiver: Receiver<'a>,
    pub(super) message: &'a Type,
    pub(super) context: Option<Context<'a>>,
    pub(super) reply: Type,
}

/// How a handler borrows its consumer.
pub(super) enum Receiver<'a> {
    /// `&self`, which needs a consumer that is `Sync`.
    Shared(&'a SelfParameter),
    Exclusive,
}

/// A `&mut` parameter.
pub(super) struct Context<'a> {
    /// What it borrows.
    pub(super) target: &'a Type,
    pub(super) comes_first: bool,
}

/// The signature, unless anything about it is wrong.
pub(super) fn check<'a>(method: &'a Method, errors: &mut Errors) -> Option<Signature<'a>> {
    let written = &method.signature;
    let is_function = is_plain_async(written, errors);
    let receiver = receiver(written, errors);
    let parameters = parameters(method, errors);
    let reply = reply(written, errors);
    let (message, context) = parameters?;
    let signature = Signature {
        receiver: receiver?,
        message,
        context,
        reply: reply?,
    };
    is_function.then_some(signature)
}

fn is_plain_async(written: &Written, errors: &mut Errors) -> bool {
    let mut plain = true;
    let mut refuse = |mistaken: bool, words: &dyn ToTokens, mistake: &str| {
        if mistaken {
            plain = false;
            errors.at(words, mistake);
        }
    };
    refuse(
        written.asyncness.is_none(),
        &written.fn_token,
        "a handler is async: write `async fn`",
    );
    refuse(
        !matches!(written.safety, Safety::Default),
        &written.safety,
        "a handler is called by the session, and cannot be `unsafe`",
    );
    refuse(
        !written.generics.params.is_empty(),
        &written.generics,
        "a handler cannot be generic: its message decides which action it takes",
    );
    plain
}

fn receiver<'a>(written: &'a Written, errors: &mut Errors) -> Option<Receiver<'a>> {
    let Some(receiver) = written.receiver() else {
        let mistake =
            "a handler belongs to its connection: write `&mut self` as the first parameter";
        errors.at(&written.ident, mistake);
        return None;
    };
    match &receiver.kind {
        ReceiverKind::Reference(_, _, Some(_)) => Some(Receiver::Exclusive),
        ReceiverKind::Reference(_, _, None) => Some(Receiver::Shared(receiver)),
        _ => {
            let mistake = "a handler borrows its consumer, which lives as long as the connection: write `&mut self`";
            errors.at(receiver, mistake);
            None
        }
    }
}

/// The message and, where the handler takes it, the context.
fn parameters<'a>(
    method: &'a Method,
    errors: &mut Errors,
) -> Option<(&'a Type, Option<Context<'a>>)> {
    let typed = method
        .signature
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(parameter) => Some(parameter),
            FnArg::Receiver(_) => None,
        });
    let mut messages = Vec::new();
    let mut contexts = Vec::new();
    let mut mistaken = false;
    for parameter in typed {
        match Parameter::of(&parameter.ty) {
            Parameter::Message(message) => messages.push((parameter, message)),
            Parameter::Context(target) => contexts.push((
                parameter,
                Context {
                    target,
                    comes_first: messages.is_empty(),
                },
            )),
            Parameter::Mistaken(mistake) => {
                mistaken = true;
                errors.at(&parameter.ty, mistake);
            }
        }
    }

    let noun = method.kind.noun();
    for (another, _) in messages.iter().skip(1) {
        let mistake = format!(
            "a handler takes one {noun} by value, and its context as `&mut Context<Self>`; \
             for several {noun}s, take an enum of them with `{}`",
            method.kind.derive_enum(),
        );
        errors.at(another, mistake);
    }
    // Without a message, one of the contexts was meant for it: that is told below.
    let surplus = if messages.is_empty() {
        &[]
    } else {
        &contexts[..]
    };
    for (another, _) in surplus.iter().skip(1) {
        errors.at(
            another,
            format!("a handler takes one context; its {noun} is taken by value"),
        );
    }
    if messages.is_empty() && !mistaken {
        let example = method
            .signature
            .ident
            .unraw()
            .to_string()
            .to_upper_camel_case();
        let mistake = format!(
            "a handler takes {} by value: add a parameter such as `{noun}: {}`; `&mut` means the context",
            method.kind.a_noun(),
            example,
        );
        errors.at(&method.signature.ident, mistake);
    }

    let right = messages.len() == 1 && contexts.len() <= 1 && !mistaken;
    let (_, message) = right.then(|| messages.pop())??;
    Some((message, contexts.pop().map(|(_, context)| context)))
}

/// What a parameter is by its syntax.
enum Parameter<'a> {
    Message(&'a Type),
    /// With what the `&mut` borrows.
    Context(&'a Type),
    Mistaken(&'static str),
}

impl<'a> Parameter<'a> {
    fn of(written: &'a Type) -> Self {
        match written {
            Type::Reference(reference) if reference.mutability.is_some() => {
                Self::Context(&reference.elem)
            }
            Type::Reference(_) => Self::Mistaken(
                "a handler takes its message by value and its context as `&mut Context<Self>`",
            ),
            Type::ImplTrait(_) => {
                Self::Mistaken("name the type: it decides which action the handler takes")
            }
            // What a `macro_rules!` has put in place of `$type`.
            Type::Group(group) => Self::of(&group.elem),
            _ => Self::Message(written),
        }
    }
}

fn reply(written: &Written, errors: &mut Errors) -> Option<Type> {
    match &written.output {
        ReturnType::Default => Some(parse_quote!(())),
        ReturnType::Type(_, written) => match &**written {
            Type::ImplTrait(_) => {
                errors.at(
                    written,
                    "name the type: what a handler returns is documented from it",
                );
                None
            }
            _ => Some(Type::clone(written)),
        },
    }
}
