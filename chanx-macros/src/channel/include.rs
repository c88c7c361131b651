//! The parts of `include(…)`, each of them in a field.

use heck::{ToSnakeCase, ToUpperCamelCase};
use syn::{
    Expr, ExprField, Ident, Member, Token, Type,
    ext::IdentExt,
    parse::{Parse, ParseStream},
};

use super::declared::words;
use crate::{args::Args, errors::Errors};

/// A part, and the field that holds it.
pub(super) struct Include {
    /// The field as it is written: `self.parts.typing`.
    pub(super) written: Expr,
    /// The fields that lead to it: `parts`, `typing`.
    pub(super) fields: Vec<Member>,
    pub(super) part: Type,
}

/// What stands between two commas.
struct Written {
    field: Expr,
    part: Option<Type>,
}

impl Parse for Written {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let field = input.parse()?;
        let colon = input.parse::<Option<Token![:]>>()?;
        let part = colon.map(|_| input.parse()).transpose()?;
        Ok(Self { field, part })
    }
}

/// The parts that `owner` includes, but for those with mistakes.
pub(super) fn check(args: &Args, owner: &Type, errors: &mut Errors) -> Vec<Include> {
    let mut included: Vec<Include> = Vec::new();
    for written in args.listed::<Written>("include", errors) {
        let Some(include) = include(written, errors) else {
            continue;
        };
        let part = words(&include.part);
        if part == "Self" || part == words(owner) {
            let mistake = format!("`{}` cannot be a part of itself", words(owner));
            errors.at(&include.part, mistake);
            continue;
        }
        match included.iter().find(|other| words(&other.part) == part) {
            Some(other) => {
                let mistake = format!(
                    "`{part}` is included already, as `{}`: a message has one handler, so \
                     a part is included once",
                    words(&other.written),
                );
                errors.at(&include.part, mistake);
            }
            None => included.push(include),
        }
    }
    included
}

/// The part, unless it is written wrongly.
fn include(written: Written, errors: &mut Errors) -> Option<Include> {
    let Written { field, part } = written;
    match (fields(&field), part) {
        (Some(fields), Some(part)) => Some(Include {
            written: field,
            fields,
            part,
        }),
        (fields, part) => {
            let mistake = format!(
                "a part is included by the field that holds it and its type: write `{}`",
                example(&field, fields.is_some(), part.as_ref()),
            );
            errors.at(&field, mistake);
            None
        }
    }
}

/// The fields that lead to it from `self`.
fn fields(written: &Expr) -> Option<Vec<Member>> {
    let Expr::Field(ExprField { base, member, .. }) = written else {
        return None;
    };
    let mut fields = match &**base {
        Expr::Path(path) if path.path.is_ident("self") => Vec::new(),
        base => fields(base)?,
    };
    fields.push(member.clone());
    Some(fields)
}

/// The line to write, from what there is of it.
fn example(field: &Expr, is_field: bool, part: Option<&Type>) -> String {
    let last = last_word(field).map_or_else(|| "typing".to_owned(), |word| word.to_string());
    let field = match is_field {
        true => words(field),
        false => format!("self.{}", last.to_snake_case()),
    };
    let part = part.map_or_else(|| last.to_upper_camel_case(), words);
    format!("{field}: {part}")
}

fn last_word(written: &Expr) -> Option<Ident> {
    match written {
        Expr::Path(path) => path.path.segments.last().map(|last| last.ident.unraw()),
        Expr::Field(field) => match &field.member {
            Member::Named(name) => Some(name.unraw()),
            Member::Unnamed(_) => None,
        },
        _ => None,
    }
}
