//! Types as text.

use super::{Property, Type, Variant};
use crate::{comment::Comment, names::key};

/// One level further in.
const STEP: &str = "    ";

/// Where a line is broken, if it can be.
const WIDTH: usize = 100;

impl Type {
    /// The type, whose first line stands behind something and whose others begin with `indent`.
    pub(crate) fn write(&self, indent: &str) -> String {
        match self {
            Self::Word(word) => (*word).to_owned(),
            Self::Literal(text) | Self::Named(text) => text.clone(),
            Self::Array(item) => match &**item {
                Self::Union(_) | Self::All(_) => format!("({})[]", item.on_one_line(indent)),
                item => format!("{}[]", item.write(indent)),
            },
            Self::Tuple(elements, rest) => {
                let rest = rest
                    .iter()
                    .map(|rest| format!("...({})[]", rest.on_one_line(indent)));
                let elements = elements.iter().map(|element| element.on_one_line(indent));
                format!("[{}]", elements.chain(rest).collect::<Vec<_>>().join(", "))
            }
            Self::Record(key, value) => {
                format!(
                    "Record<{}, {}>",
                    key.on_one_line(indent),
                    value.on_one_line(indent)
                )
            }
            Self::Object(properties, rest) => object(properties, rest.as_deref(), indent),
            Self::Generic(name, of) => {
                let of = of.iter().map(|one| one.on_one_line(indent));
                format!("{name}<{}>", of.collect::<Vec<_>>().join(", "))
            }
            Self::Union(variants) => union(variants, indent),
            Self::All(parts) => {
                let parts = parts.iter().map(|part| match part {
                    Self::Union(_) => format!("({})", part.on_one_line(indent)),
                    part => part.write(indent),
                });
                parts.collect::<Vec<_>>().join(" & ")
            }
        }
    }

    /// The type where a union is not broken into lines.
    fn on_one_line(&self, indent: &str) -> String {
        match self {
            Self::Union(variants) => joined(variants, indent),
            _ => self.write(indent),
        }
    }
}

impl Property {
    /// The property as lines.
    pub(crate) fn write(&self, indent: &str) -> String {
        let comment = self.comment.write(indent);
        let mark = if self.optional { "?" } else { "" };
        let of = self.of.write(indent);
        let space = if of.starts_with('\n') { "" } else { " " };
        format!("{comment}{indent}{}{mark}:{space}{of};\n", key(&self.name))
    }
}

fn object(properties: &[Property], rest: Option<&Type>, indent: &str) -> String {
    if properties.is_empty() && rest.is_none() {
        return "Record<string, never>".to_owned();
    }
    let inner = format!("{indent}{STEP}");
    let mut lines: String = properties.iter().map(|one| one.write(&inner)).collect();
    if let Some(rest) = rest {
        lines += &format!("{inner}[key: string]: {};\n", rest.on_one_line(&inner));
    }
    let plain = properties
        .iter()
        .all(|one| one.comment == Comment::default());
    let short: Vec<_> = lines.lines().map(str::trim).collect();
    let line = format!("{{ {} }}", short.join(" ").trim_end_matches(';'));
    let flat = properties
        .iter()
        .all(|one| !matches!(one.of, Type::Object(..)));
    if plain && flat && properties.len() < 3 && !line.contains("/*") && line.len() < WIDTH / 2 {
        return line;
    }
    format!("{{\n{lines}{indent}}}")
}

fn union(variants: &[Variant], indent: &str) -> String {
    let line = joined(variants, indent);
    let plain = variants.iter().all(|one| one.comment == Comment::default());
    if plain && !line.contains('\n') && indent.len() + line.len() < WIDTH {
        return line;
    }
    let inner = format!("{indent}{STEP}");
    let each = variants.iter().map(|Variant { comment, of }| {
        let of = match of {
            Type::Union(_) => format!("({})", of.on_one_line(&inner)),
            of => of.write(&inner),
        };
        format!("\n{}{inner}| {of}", comment.write(&inner))
    });
    each.collect()
}

fn joined(variants: &[Variant], indent: &str) -> String {
    let each = variants.iter().map(|Variant { of, .. }| match of {
        Type::Union(_) => format!("({})", of.on_one_line(indent)),
        of => of.write(indent),
    });
    each.collect::<Vec<_>>().join(" | ")
}
