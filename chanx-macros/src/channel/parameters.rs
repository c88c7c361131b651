//! A handler's parameters, told apart by syntax alone: a `&mut` one is the
//! context, one by value the message.

use heck::ToUpperCamelCase;
use syn::{FnArg, PatType, Type, ext::IdentExt};

use super::parse::Method;
use crate::errors::Errors;

/// Parameters without mistakes.
pub(super) struct Parameters<'a> {
    pub(super) message: &'a Type,
    pub(super) context: Option<Context<'a>>,
}

/// A `&mut` parameter.
pub(super) struct Context<'a> {
    /// The type that it borrows.
    pub(super) target: &'a Type,
    pub(super) comes_first: bool,
}

impl<'a> Parameters<'a> {
    /// The parameters, unless anything about them is wrong.
    pub(super) fn of(method: &'a Method, errors: &mut Errors) -> Option<Self> {
        let mut written = Written::of(method, errors);
        written.tell_surplus(method, errors);
        written.tell_missing(method, errors);
        if written.messages.len() > 1 || written.contexts.len() > 1 || written.mistaken {
            return None;
        }
        let (_, message) = written.messages.pop()?;
        let context = written.contexts.pop();
        Some(Self {
            message,
            context: context.map(|(_, context)| context),
        })
    }
}

/// However many there are.
#[derive(Default)]
struct Written<'a> {
    messages: Vec<(&'a PatType, &'a Type)>,
    contexts: Vec<(&'a PatType, Context<'a>)>,
    /// True if there are others, which have been told.
    mistaken: bool,
}

impl<'a> Written<'a> {
    fn of(method: &'a Method, errors: &mut Errors) -> Self {
        let mut written = Self::default();
        for input in &method.signature.inputs {
            if let FnArg::Typed(parameter) = input {
                written.add(parameter, &parameter.ty, method, errors);
            }
        }
        written
    }

    fn add(
        &mut self,
        parameter: &'a PatType,
        written: &'a Type,
        method: &Method,
        errors: &mut Errors,
    ) {
        match written {
            // A `macro_rules!` has put it in place of `$type`.
            Type::Group(group) => self.add(parameter, &group.elem, method, errors),
            Type::Reference(reference) if reference.mutability.is_some() => {
                let context = Context {
                    target: &reference.elem,
                    comes_first: self.messages.is_empty(),
                };
                self.contexts.push((parameter, context));
            }
            Type::Reference(_) => {
                let mistake = format!(
                    "a handler takes its {} by value and its context as `&mut Context<Self>`",
                    method.kind.noun(),
                );
                errors.at(written, mistake);
                self.mistaken = true;
            }
            Type::ImplTrait(_) => {
                let mistake = "name the type: it decides which action the handler takes";
                errors.at(written, mistake);
                self.mistaken = true;
            }
            _ => self.messages.push((parameter, written)),
        }
    }

    fn tell_surplus(&self, method: &Method, errors: &mut Errors) {
        let noun = method.kind.noun();
        for (another, _) in self.messages.iter().skip(1) {
            let mistake = format!(
                "a handler takes one {noun} by value, and its context as `&mut Context<Self>`; \
                 for several {noun}s, take an enum of them with `{}`",
                method.kind.derive_enum(),
            );
            errors.at(another, mistake);
        }
        if self.messages.is_empty() {
            // One of the contexts was meant for it, which is told as missing.
            return;
        }
        for (another, _) in self.contexts.iter().skip(1) {
            let mistake = format!("a handler takes one context; its {noun} is taken by value");
            errors.at(another, mistake);
        }
    }

    fn tell_missing(&self, method: &Method, errors: &mut Errors) {
        if self.mistaken || !self.messages.is_empty() {
            return;
        }
        let ident = &method.signature.ident;
        let mistake = format!(
            "a handler takes {} by value: add a parameter such as `{}: {}`; `&mut` means the context",
            method.kind.a_noun(),
            method.kind.noun(),
            ident.unraw().to_string().to_upper_camel_case(),
        );
        errors.at(ident, mistake);
    }
}
