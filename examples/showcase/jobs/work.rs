//! The work that jobs do.

/// Does the work of one job.
pub(super) fn perform(kind: &str, content: &str) -> String {
    match kind {
        "translate" => format!("🌍 Translated: '{content}' → '{}'", translated(content)),
        "analyze" => analyzed(content),
        "generate" => format!("🤖 AI Response: {}", answered(content)),
        _ => format!("✅ Processed: {}", content.to_uppercase()),
    }
}

/// Knows two words of Spanish.
fn translated(content: &str) -> String {
    match content.to_lowercase().as_str() {
        "hello" => "hola".to_owned(),
        "world" => "mundo".to_owned(),
        _ => format!("[TRANSLATED: {content}]"),
    }
}

fn analyzed(content: &str) -> String {
    let words = content.split_whitespace().count();
    let characters = content.chars().count();
    let longest = content.split_whitespace().max_by_key(|word| word.len());
    let longest = longest.unwrap_or("none");
    format!(
        "📊 Analysis of '{content}': Words: {words}, Characters: {characters}, Longest: {longest}"
    )
}

/// Answers by topic, the way a small bot does.
fn answered(content: &str) -> String {
    let asked = content.to_lowercase();
    let about = |topics: &[&str]| topics.iter().any(|topic| asked.contains(topic));
    if about(&["weather", "rain", "sun"]) {
        "The weather will be fine, but take an umbrella.".to_owned()
    } else if about(&["food", "eat", "restaurant", "lunch", "dinner"]) {
        "There is a good restaurant around the corner.".to_owned()
    } else if about(&["help"]) {
        "I can help: ask about the weather, or about food.".to_owned()
    } else {
        format!("I have thought about '{content}', and find it interesting.")
    }
}

#[cfg(test)]
mod tests {
    use super::perform;

    #[test]
    fn two_words_are_known() {
        assert_eq!(
            perform("translate", "Hello"),
            "🌍 Translated: 'Hello' → 'hola'"
        );
        assert_eq!(
            perform("translate", "world"),
            "🌍 Translated: 'world' → 'mundo'"
        );
        assert_eq!(
            perform("translate", "tea"),
            "🌍 Translated: 'tea' → '[TRANSLATED: tea]'"
        );
    }

    #[test]
    fn an_analysis_counts_words() {
        let analysis = perform("analyze", "one  two three");
        assert!(
            analysis.starts_with("📊 Analysis of 'one  two three': Words: 3, "),
            "{analysis}"
        );
    }

    #[test]
    fn an_answer_is_about_what_was_asked() {
        for (asked, topic) in [
            ("What is the weather?", "weather"),
            ("Where can I eat?", "restaurant"),
            ("Help!", "help"),
            ("Tell me of quarks", "quarks"),
        ] {
            let answer = perform("generate", asked);
            assert!(answer.starts_with("🤖 AI Response: "), "{answer}");
            assert!(answer.contains(topic), "{answer}");
        }
    }

    #[test]
    fn any_other_job_is_shouted() {
        assert_eq!(perform("default", "tea"), "✅ Processed: TEA");
    }
}
