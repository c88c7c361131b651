//! The pattern of the topics that a method of a hub is for.

use std::fmt;

/// The pattern of a topic: `room:{room}`.
///
/// It is cut at its colons. A parameter stands for one or more characters other
/// than a colon, and has a part to itself but for text before and behind it.
#[derive(Debug)]
pub(crate) struct Pattern {
    written: &'static str,
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    before: &'static str,
    parameter: Option<&'static str>,
    behind: &'static str,
}

/// The parameters of a topic, in order, by name.
pub(crate) type Matched<'t> = Vec<(&'static str, &'t str)>;

impl Pattern {
    /// Reads a pattern that `#[channel]` has checked.
    pub(crate) fn new(written: &'static str) -> Self {
        Self {
            written,
            parts: written.split(':').map(Part::new).collect(),
        }
    }

    pub(crate) fn as_str(&self) -> &'static str {
        self.written
    }

    /// The names of the parameters, in order.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.parts.iter().filter_map(|part| part.parameter)
    }

    /// The parameters of a topic; `None` where the topic is not one of these.
    pub(super) fn matches<'t>(&self, topic: &'t str) -> Option<Matched<'t>> {
        let mut words = topic.split(':');
        let mut matched = Vec::new();
        for part in &self.parts {
            let word = words.next()?;
            match part.parameter {
                None if word == part.before => {}
                None => return None,
                Some(name) => {
                    let value = word.strip_prefix(part.before)?.strip_suffix(part.behind)?;
                    matched.push((!value.is_empty()).then_some((name, value))?);
                }
            }
        }
        words.next().is_none().then_some(matched)
    }

    /// The topic that has these parameters.
    pub(crate) fn fill(&self, value: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let mut topic = String::new();
        for (nth, part) in self.parts.iter().enumerate() {
            if nth > 0 {
                topic.push(':');
            }
            topic.push_str(part.before);
            if let Some(name) = part.parameter {
                topic.push_str(&value(name)?);
            }
            topic.push_str(part.behind);
        }
        Some(topic)
    }
}

impl Part {
    fn new(written: &'static str) -> Self {
        let parameter = written.split_once('{').and_then(|(before, rest)| {
            let (name, behind) = rest.split_once('}')?;
            Some((before, name, behind))
        });
        match parameter {
            Some((before, name, behind)) => Self {
                before,
                parameter: Some(name),
                behind,
            },
            None => Self {
                before: written,
                parameter: None,
                behind: "",
            },
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p25_the_whole_topic_has_to_match() {
        let cases: [(&str, &str, Option<&[&str]>); 14] = [
            ("news", "news", Some(&[])),
            ("news", "new", None),
            ("news", "news:today", None),
            ("room:{id}", "room:5", Some(&["5"])),
            ("room:{id}", "room:über", Some(&["über"])),
            ("room:{id}", "room:", None),
            ("room:{id}", "room", None),
            ("room:{id}", "room:5:6", None),
            ("room:{id}", "a:room:5", None),
            ("room:{id}:{part}", "room:5:notes", Some(&["5", "notes"])),
            ("room:{id}:notes", "room:5:notes", Some(&["5"])),
            ("user-{id}.old", "user-7.old", Some(&["7"])),
            ("user-{id}.old", "user-.old", None),
            ("{any}", "whatever {it} is", Some(&["whatever {it} is"])),
        ];
        for (pattern, topic, expected) in cases {
            let matched = Pattern::new(pattern).matches(topic);
            let values = matched.map(|matched| matched.iter().map(|it| it.1).collect::<Vec<_>>());

            assert_eq!(values.as_deref(), expected, "{pattern} and {topic}");
        }
    }

    #[test]
    fn a_pattern_that_is_filled_matches_what_comes_of_it() {
        let pattern = Pattern::new("room-{id}:{part}");
        let value = |name: &str| Some(format!("<{name}>"));

        let topic = pattern.fill(&value).expect("both have a value");

        assert_eq!(topic, "room-<id>:<part>");
        let matched = pattern.matches(&topic).expect("it is one of these");
        assert_eq!(matched, [("id", "<id>"), ("part", "<part>")]);
    }
}
