//! The keys of an attribute: `name = "…"`, `tags = ["…"]`, `sends(…)`.

use proc_macro2::{Group, TokenStream, TokenTree};
use syn::{
    Attribute, Expr, ExprLit, Ident, Lit, LitStr, Meta, Path, Token, Type,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::errors::Errors;

/// The keys that an attribute may have.
pub(crate) struct Grammar {
    /// The attribute's name.
    pub(crate) attribute: &'static str,
    /// Its keys, each as an example of its use.
    pub(crate) keys: &'static [Key],
}

/// One key of a grammar.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// The way it is written, such as `name = "…"`.
    pub(crate) usage: &'static str,
    pub(crate) repeatable: bool,
}

impl Key {
    pub(crate) const fn once(name: &'static str, usage: &'static str) -> Self {
        Self {
            name,
            usage,
            repeatable: false,
        }
    }

    pub(crate) const fn repeatable(name: &'static str, usage: &'static str) -> Self {
        Self {
            name,
            usage,
            repeatable: true,
        }
    }
}

impl Grammar {
    /// Reads every key it can; the others become errors.
    pub(crate) fn read(&self, tokens: TokenStream, errors: &mut Errors) -> Args {
        let mut args = Args::default();
        self.read_into(&mut args, tokens, errors);
        args
    }

    /// Reads the attributes of this name that stand on a derive's item.
    pub(crate) fn read_helpers(&self, attrs: &[Attribute], errors: &mut Errors) -> Args {
        let mut args = Args::default();
        let named = attrs
            .iter()
            .filter(|attr| attr.path().is_ident(self.attribute));
        for attr in named {
            match &attr.meta {
                Meta::List(list) => self.read_into(&mut args, list.tokens.clone(), errors),
                Meta::Path(_) | Meta::NameValue(_) => {
                    let mistake = format!("`#[{}(…)]` takes {}", self.attribute, self.choices());
                    errors.at(attr, mistake);
                }
            }
        }
        args
    }

    fn read_into(&self, args: &mut Args, tokens: TokenStream, errors: &mut Errors) {
        let read = |input: ParseStream<'_>| {
            while !input.is_empty() {
                match self.key(input) {
                    Ok(arg) => args.add(arg, errors),
                    Err(error) => {
                        args.incomplete = true;
                        errors.push(error);
                        skip_to_comma(input);
                    }
                }
                input.parse::<Option<Token![,]>>()?;
            }
            Ok(())
        };
        if let Err(error) = read.parse2(tokens) {
            errors.push(error);
        }
    }

    fn key(&self, input: ParseStream<'_>) -> syn::Result<Arg> {
        if !input.peek(Ident::peek_any) {
            return Err(input.error(format!("expected {}", self.choices())));
        }
        let name = input.call(Ident::parse_any)?;
        let Some(key) = self.keys.iter().find(|key| name == key.name) else {
            let mistake = format!(
                "`#[{}]` has no key `{name}`; it takes {}",
                self.attribute,
                self.choices()
            );
            return Err(syn::Error::new_spanned(name, mistake));
        };
        let value = Value::parse(input)?;
        if !(input.is_empty() || input.peek(Token![,])) {
            return Err(input.error(format!("expected `,` behind `{}`", key.usage)));
        }
        Ok(Arg { name, key, value })
    }

    fn choices(&self) -> String {
        let usages: Vec<_> = self
            .keys
            .iter()
            .map(|key| format!("`{}`", key.usage))
            .collect();
        match usages.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => usages.concat(),
        }
    }
}

fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        // Any token tree can be read where there is one.
        let _ = input.parse::<TokenTree>();
    }
}

/// The keys that were given.
#[derive(Default)]
pub(crate) struct Args {
    read: Vec<Arg>,
    /// True if there was more, which could not be read.
    incomplete: bool,
}

struct Arg {
    name: Ident,
    key: &'static Key,
    value: Value,
}

enum Value {
    Assigned(Box<Expr>),
    Listed(Group),
    Absent,
}

impl Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.parse::<Option<Token![=]>>()?.is_some() {
            return Ok(Self::Assigned(input.parse()?));
        }
        if input.peek(syn::token::Paren) {
            return Ok(Self::Listed(input.parse()?));
        }
        Ok(Self::Absent)
    }
}

impl Args {
    fn add(&mut self, arg: Arg, errors: &mut Errors) {
        let again = self.has(arg.key.name);
        if again && !arg.key.repeatable {
            errors.at(&arg.name, format!("`{}` is given twice", arg.name));
            return;
        }
        self.read.push(arg);
    }

    fn has(&self, key: &str) -> bool {
        self.read.iter().any(|arg| arg.name == key)
    }

    /// True if `key` is certainly missing, and not just mistaken.
    pub(crate) fn lacks(&self, key: &str) -> bool {
        !self.incomplete && !self.has(key)
    }

    /// The value of `key = "…"`.
    pub(crate) fn string(&self, key: &str, errors: &mut Errors) -> Option<LitStr> {
        self.convert(key, errors, |value| string(value.expr()?))
    }

    /// The text of `key = "…"`.
    pub(crate) fn text(&self, key: &str, errors: &mut Errors) -> Option<String> {
        self.string(key, errors).map(|text| text.value())
    }

    /// The values of `key = ["…", …]`.
    pub(crate) fn strings(&self, key: &str, errors: &mut Errors) -> Vec<LitStr> {
        let strings = self.convert(key, errors, |value| match value.expr()? {
            Expr::Array(array) => array.elems.iter().map(string).collect(),
            _ => None,
        });
        strings.unwrap_or_default()
    }

    /// The value of `key = path`.
    pub(crate) fn path(&self, key: &str, errors: &mut Errors) -> Option<Path> {
        self.convert(key, errors, |value| match value.expr()? {
            Expr::Path(path) if path.qself.is_none() => Some(path.path.clone()),
            _ => None,
        })
    }

    /// The values of every `key = expression`.
    pub(crate) fn expressions(&self, key: &str, errors: &mut Errors) -> Vec<Expr> {
        let expressions = self
            .read
            .iter()
            .filter(|arg| arg.name == key)
            .filter_map(|arg| {
                let expression = arg.value.expr().cloned();
                if expression.is_none() {
                    arg.misused(errors);
                }
                expression
            });
        expressions.collect()
    }

    /// The types of `key(Type, …)`.
    pub(crate) fn types(&self, key: &str, errors: &mut Errors) -> Vec<Type> {
        self.listed(key, errors)
    }

    /// The type of `key(Type)`.
    pub(crate) fn one_type(&self, key: &str, errors: &mut Errors) -> Option<Type> {
        let mut types = self.listed::<Type>(key, errors).into_iter();
        let first = types.next();
        for another in types {
            errors.at(another, format!("`{key}` takes one type"));
        }
        first
    }

    /// The items of `key(…)`, with commas between.
    pub(crate) fn listed<T: Parse>(&self, key: &str, errors: &mut Errors) -> Vec<T> {
        let Some(tokens) = self.convert(key, errors, |value| match value {
            Value::Listed(group) => Some(group.stream()),
            Value::Assigned(_) | Value::Absent => None,
        }) else {
            return Vec::new();
        };
        match Punctuated::<T, Token![,]>::parse_terminated.parse2(tokens) {
            Ok(listed) => listed.into_iter().collect(),
            Err(error) => {
                errors.push(error);
                Vec::new()
            }
        }
    }

    fn convert<T>(
        &self,
        key: &str,
        errors: &mut Errors,
        conversion: impl FnOnce(&Value) -> Option<T>,
    ) -> Option<T> {
        let arg = self.read.iter().find(|arg| arg.name == key)?;
        let converted = conversion(&arg.value);
        if converted.is_none() {
            arg.misused(errors);
        }
        converted
    }
}

impl Arg {
    fn misused(&self, errors: &mut Errors) {
        let mistake = format!("`{}` is written `{}`", self.name, self.key.usage);
        match &self.value {
            Value::Assigned(value) => errors.at(value, mistake),
            Value::Listed(group) => errors.at(group, mistake),
            Value::Absent => errors.at(&self.name, mistake),
        }
    }
}

impl Value {
    fn expr(&self) -> Option<&Expr> {
        match self {
            Self::Assigned(expr) => Some(expr),
            Self::Listed(_) | Self::Absent => None,
        }
    }
}

fn string(expr: &Expr) -> Option<LitStr> {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Str(literal),
            ..
        }) => Some(literal.clone()),
        // A `macro_rules!` has put it in place of `$literal`.
        Expr::Group(group) => string(&group.expr),
        _ => None,
    }
}
