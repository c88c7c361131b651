//! Doc comments, which are the documents' default texts.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The whole comment, without the indentation that all its lines share.
pub(crate) fn text(attrs: &[Attribute]) -> Option<String> {
    let text = unindented(&comment(attrs));
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The first paragraph on one line, and the rest.
pub(crate) fn summary_and_rest(attrs: &[Attribute]) -> (Option<String>, Option<String>) {
    let Some(text) = text(attrs) else {
        return (None, None);
    };
    let (first, rest) = text.split_once("\n\n").unwrap_or((&text, ""));
    let summary = first.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let rest = rest.trim();
    (Some(summary), (!rest.is_empty()).then(|| rest.to_owned()))
}

fn comment(attrs: &[Attribute]) -> String {
    let lines: Vec<_> = attrs.iter().filter_map(literal).collect();
    lines.join("\n")
}

fn literal(attr: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attr.meta else {
        return None;
    };
    match &meta.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) if meta.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}

fn unindented(text: &str) -> String {
    let indentation = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let lines = text
        .lines()
        .map(|line| line.get(indentation..).unwrap_or("").trim_end());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use syn::{Attribute, parse_quote};

    use super::{summary_and_rest, text};

    #[test]
    fn the_first_paragraph_is_the_summary() {
        let attrs: Vec<Attribute> = parse_quote! {
            /// Send a line
            /// to the room.
            ///
            /// Everyone sees it:
            ///
            ///     indented
        };

        let (summary, rest) = summary_and_rest(&attrs);

        assert_eq!(summary.as_deref(), Some("Send a line to the room."));
        assert_eq!(rest.as_deref(), Some("Everyone sees it:\n\n    indented"));
    }

    #[test]
    fn no_comment_is_no_text() {
        assert_eq!(text(&[parse_quote!(#[inline])]), None);
        assert_eq!(text(&[parse_quote!(#[doc = "  "])]), None);
        assert_eq!(summary_and_rest(&[]), (None, None));
    }
}
