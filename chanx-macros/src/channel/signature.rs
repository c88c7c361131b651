//! The parameters and the return type of a handler.

use quote::ToTokens;
use syn::{
    Receiver as SelfParameter, ReceiverKind, ReturnType, Safety, Signature as Written, Type,
    parse_quote,
};

use super::{
    parameters::{Context, Parameters},
    parse::Method,
};
use crate::errors::Errors;

/// A signature without mistakes.
pub(super) struct Signature<'a> {
    pub(super) receiver: Receiver<'a>,
    pub(super) message: &'a Type,
    pub(super) context: Option<Context<'a>>,
    pub(super) reply: Type,
}

/// The way that a handler borrows its consumer.
pub(super) enum Receiver<'a> {
    /// `&self`, which needs a consumer that is `Sync`.
    Shared(&'a SelfParameter),
    Exclusive,
}

const HANDLER: &str = "a handler";

/// The signature, unless anything about it is wrong.
pub(super) fn check<'a>(method: &'a Method, errors: &mut Errors) -> Option<Signature<'a>> {
    let written = &method.signature;
    let is_function = is_plain_async(written, HANDLER, errors);
    let receiver = receiver(written, HANDLER, errors);
    let parameters = Parameters::of(method, errors);
    let reply = reply(written, errors);
    let parameters = parameters?;
    let signature = Signature {
        receiver: receiver?,
        message: parameters.message,
        context: parameters.context,
        reply: reply?,
    };
    is_function.then_some(signature)
}

/// True if a session can call the method, which is a `what`.
pub(super) fn is_plain_async(written: &Written, what: &str, errors: &mut Errors) -> bool {
    let mut plain = true;
    let mut refuse = |mistaken: bool, words: &dyn ToTokens, mistake: String| {
        if mistaken {
            plain = false;
            errors.at(words, mistake);
        }
    };
    refuse(
        written.asyncness.is_none(),
        &written.fn_token,
        format!("{what} is async: write `async fn`"),
    );
    refuse(
        !matches!(written.safety, Safety::Default),
        &written.safety,
        format!("{what} is called by the session, and cannot be `unsafe`"),
    );
    refuse(
        !written.generics.params.is_empty(),
        &written.generics,
        match what {
            HANDLER => {
                "a handler cannot be generic: its message decides which action it takes".to_owned()
            }
            _ => format!("{what} cannot be generic"),
        },
    );
    plain
}

/// The way that a method borrows its consumer.
pub(super) fn receiver<'a>(
    written: &'a Written,
    what: &str,
    errors: &mut Errors,
) -> Option<Receiver<'a>> {
    let Some(receiver) = written.receiver() else {
        let mistake =
            format!("{what} belongs to its connection: write `&mut self` as the first parameter");
        errors.at(&written.ident, mistake);
        return None;
    };
    match &receiver.kind {
        ReceiverKind::Reference(_, _, Some(_)) => Some(Receiver::Exclusive),
        ReceiverKind::Reference(_, _, None) => Some(Receiver::Shared(receiver)),
        _ => {
            let mistake = format!(
                "{what} borrows its consumer, which lives as long as the connection: write `&mut self`"
            );
            errors.at(receiver, mistake);
            None
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
