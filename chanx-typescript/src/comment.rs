//! TSDoc of what Rust's doc comments say.

use serde_json::Value;

/// What is told of a type, a property or an action.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Comment {
    paragraphs: Vec<String>,
    tags: Vec<String>,
}

impl Comment {
    /// What a schema says about itself.
    pub(crate) fn of(schema: &Value) -> Self {
        let mut comment = Self::default();
        if let Some(description) = schema.get("description").and_then(Value::as_str) {
            comment.say(description);
        }
        if let Some(format) = format(schema) {
            comment.tag(&format!("@format {format}"));
        }
        if let Some(default) = schema.get("default") {
            comment.tag(&format!("@defaultValue `{default}`"));
        }
        if schema.get("deprecated") == Some(&Value::Bool(true)) {
            comment.deprecate();
        }
        comment
    }

    /// Adds a paragraph, or several with empty lines between them.
    pub(crate) fn say(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.paragraphs
                .push(text.replace("\r\n", "\n").replace('\r', "\n"));
        }
    }

    /// Says that it is there for older clients alone.
    pub(crate) fn deprecate(&mut self) {
        self.tag("@deprecated");
    }

    fn tag(&mut self, tag: &str) {
        self.tags.push(tag.to_owned());
    }

    /// The comment, with `indent` before each line and a line's end behind it; nothing, where
    /// there is nothing to tell.
    pub(crate) fn write(&self, indent: &str) -> String {
        let described = self.paragraphs.iter().map(|paragraph| plain(paragraph));
        let tags = self.tags.iter().map(|tag| closed(&tag.replace('\n', " ")));
        let mut parts: Vec<_> = described.collect();
        let tags: Vec<_> = tags.collect();
        if !tags.is_empty() {
            parts.push(tags.join("\n"));
        }
        let text = parts.join("\n\n");
        if text.is_empty() {
            return String::new();
        }
        if !text.contains('\n') {
            return format!("{indent}/** {text} */\n");
        }
        let lines = text.lines().map(|line| {
            let line = format!("{indent} * {line}");
            format!("{}\n", line.trim_end())
        });
        format!("{indent}/**\n{}{indent} */\n", lines.collect::<String>())
    }
}

/// What kind of text or number it is, where the type does not tell.
fn format(schema: &Value) -> Option<&str> {
    let format = schema.get("format")?.as_str()?;
    // The width of a number says little, but that it may be too wide.
    let narrow = format.starts_with("int") || format.starts_with("uint");
    let known = ["double", "float"].contains(&format);
    let wide = format.ends_with("64") || format.ends_with("128");
    (!known && (!narrow || wide)).then_some(format)
}

/// Text that is nothing but text to TSDoc: what begins a line as a tag is none.
fn plain(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let indented = line.len() - line.trim_start().len();
        let (indent, words) = line.split_at(indented);
        let escape = if words.starts_with('@') { "\\" } else { "" };
        format!("{indent}{escape}{words}")
    });
    closed(&lines.collect::<Vec<_>>().join("\n"))
}

/// Text that does not end the comment.
fn closed(text: &str) -> String {
    text.replace("*/", "*\\/")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Comment;

    #[test]
    fn a_short_comment_stands_on_one_line() {
        let comment = Comment::of(&json!({ "description": "A line." }));

        assert_eq!(comment.write("  "), "  /** A line. */\n");
        assert_eq!(Comment::default().write("  "), "");
    }

    #[test]
    fn nothing_of_the_text_ends_the_comment_or_is_a_tag() {
        let text = "Ends */ here.\n\n@deprecated not at all\n";
        let comment = Comment::of(&json!({ "description": text }));

        assert_eq!(
            comment.write(""),
            "/**\n * Ends *\\/ here.\n *\n * \\@deprecated not at all\n */\n"
        );
    }

    #[test]
    fn what_the_type_does_not_say_is_a_tag() {
        let schema =
            json!({ "type": "integer", "format": "uint64", "default": 5, "deprecated": true });
        let narrow = json!({ "type": "integer", "format": "uint8" });

        assert_eq!(
            Comment::of(&schema).write(""),
            "/**\n * @format uint64\n * @defaultValue `5`\n * @deprecated\n */\n"
        );
        assert_eq!(Comment::of(&narrow), Comment::default());
    }
}
