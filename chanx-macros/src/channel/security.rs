//! The credentials of `security(…)`.

use syn::{Expr, ExprCall, ExprLit, Lit, LitStr};

use crate::{args::Args, errors::Errors};

/// A credential that the handshake reads.
pub(super) enum Security {
    Bearer,
    Cookie(LitStr),
    Query(LitStr),
    Header(LitStr),
}

const USAGE: &str =
    "write `bearer`, `cookie(\"…\")`, `query(\"…\")` or `header(\"…\")`, each naming a credential";

/// The credentials that are written right; the others become errors.
pub(super) fn check(args: &Args, errors: &mut Errors) -> Vec<Security> {
    let written = args.listed::<Expr>("security", errors);
    let checked = written.iter().filter_map(|credential| {
        let security = security(credential);
        if security.is_none() {
            errors.at(credential, USAGE);
        }
        security
    });
    checked.collect()
}

fn security(credential: &Expr) -> Option<Security> {
    match credential {
        Expr::Path(path) if path.path.is_ident("bearer") => Some(Security::Bearer),
        Expr::Call(call) => key(call),
        Expr::Group(group) => security(&group.expr),
        _ => None,
    }
}

fn key(call: &ExprCall) -> Option<Security> {
    let Expr::Path(place) = &*call.func else {
        return None;
    };
    let mut arguments = call.args.iter();
    let (
        Some(Expr::Lit(ExprLit {
            lit: Lit::Str(name),
            ..
        })),
        None,
    ) = (arguments.next(), arguments.next())
    else {
        return None;
    };
    if name.value().is_empty() {
        return None;
    }
    let name = name.clone();
    match place.path.get_ident()?.to_string().as_str() {
        "cookie" => Some(Security::Cookie(name)),
        "query" => Some(Security::Query(name)),
        "header" => Some(Security::Header(name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use syn::{Expr, parse_quote};

    use super::{Security, security};

    #[test]
    fn a_credential_is_a_word_or_a_place_and_a_name() {
        let written: [Expr; 4] = [
            parse_quote!(bearer),
            parse_quote!(cookie("session")),
            parse_quote!(query("token")),
            parse_quote!(header("x-api-key")),
        ];

        let [bearer, cookie, query, header] = written.each_ref().map(security);

        assert!(matches!(bearer, Some(Security::Bearer)));
        assert!(matches!(cookie, Some(Security::Cookie(name)) if name.value() == "session"));
        assert!(matches!(query, Some(Security::Query(name)) if name.value() == "token"));
        assert!(matches!(header, Some(Security::Header(name)) if name.value() == "x-api-key"));
    }

    #[test]
    fn anything_else_is_none() {
        let written: [Expr; 6] = [
            parse_quote!(basic),
            parse_quote!(cookie),
            parse_quote!(cookie("")),
            parse_quote!(cookie("a", "b")),
            parse_quote!(cookie(NAME)),
            parse_quote!(body("token")),
        ];

        assert!(written.iter().all(|written| security(written).is_none()));
    }
}
