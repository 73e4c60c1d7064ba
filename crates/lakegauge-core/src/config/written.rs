//! Writes texts as YAML scalars that every reader reads as that text.

use std::fmt::Write as _;

use crate::foreign::is_hidden;

/// A scalar for a place of its own: a key or its value. Plain if no reader of YAML, old or new, can read it as
/// anything but this text; quoted otherwise.
pub(crate) fn block(text: &str) -> String {
    let inner = |c: char| c.is_ascii_alphanumeric() || "_-./={}%*+:~".contains(c);
    written(text, !text.ends_with(':') && text.chars().all(inner))
}

/// A scalar that is also safe inside `[…]` or `{…}`, where braces and commas have a meaning.
pub(super) fn flow(text: &str) -> String {
    written(text, text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./+%".contains(c)))
}

fn written(text: &str, plain: bool) -> String {
    // A text that starts with a letter, `_` or `/` is not a number, a date, `.nan`, `~` or a YAML indicator.
    let safe = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '/');
    if plain && safe && !is_word_of_yaml(text) {
        return text.to_owned();
    }
    quoted(text)
}

/// The words that some reader takes for null, for a boolean or for a number.
fn is_word_of_yaml(text: &str) -> bool {
    const WORDS: [&str; 11] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"];
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// In double quotes, with everything that does not print as itself escaped.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        // Writing to a string cannot fail.
        let _ = match (c, u32::from(c)) {
            ('"' | '\\', _) => write!(out, "\\{c}"),
            ('\n', _) => write!(out, "\\n"),
            ('\t', _) => write!(out, "\\t"),
            (c, code @ ..=0xffff) if is_hidden(c) => write!(out, "\\u{code:04x}"),
            (c, code) if is_hidden(c) => write!(out, "\\U{code:08x}"),
            (c, _) => write!(out, "{c}"),
        };
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tree::{self, Value};
    use super::*;

    /// Checks what the config's own parser, and another reader of YAML, read if `scalar` is used as key and as value.
    fn reads_back(text: &str, scalar: &str, document: &str) {
        let document = document.replace("{}", scalar);
        let tree =
            tree::parse(&document).unwrap_or_else(|problem| panic!("{document}: {problem:?}")).unwrap();
        let Value::Map(entries) = &tree.value else { panic!("{document}") };
        let (key, value) = &entries[0];
        assert_eq!(key.value, Value::Text(text.to_owned()), "{document}");
        let value = match &value.value {
            Value::List(items) => &items[0].value,
            value => value,
        };
        assert_eq!(*value, Value::Text(text.to_owned()), "{document}");
        let other: serde_json::Value = serde_saphyr::from_str(&document).unwrap();
        let value = other.as_object().unwrap().values().next().unwrap();
        assert_eq!(value.as_array().map_or(value, |items| &items[0]).as_str(), Some(text), "{document}");
    }

    fn check(text: &str) {
        reads_back(text, &block(text), "{}: {}\n");
        reads_back(text, &flow(text), "{}: [{}, x]\n");
        reads_back(text, &flow(text), "{ {}: {} }\n");
    }

    #[test]
    fn what_looks_like_something_else_is_quoted() {
        for text in ["null", "Null", "NULL", "~", "", " ", "yes", "No", "ON", "y", "1e3", "0x1f", "0o7", "-1"]
        {
            assert!(block(text).starts_with('"'), "{text:?}");
            check(text);
        }
        for text in [".nan", ".inf", "nan", "2026-11-22", "12:30", "<<", "=", "- a", "a: b", "a #b", "a:"] {
            assert!(block(text).starts_with('"'), "{text:?}");
            check(text);
        }
        for text in ["kpi/date={date}/", "_SUCCESS", "root:_SUCCESS", "/data/lake", "s3://acme-lake/refined"]
        {
            assert_eq!(block(text), text);
        }
        for text in
            ["{date}/x", "*a", "&a", "!a", "%a", "@a", "`a", "'a'", "\"a\"", "a\\b", "é", "a\u{202e}b"]
        {
            check(text);
        }
    }

    proptest! {
        #[test]
        fn any_text_reads_back(text in prop::collection::vec(any::<char>(), 0..12)) {
            check(&text.into_iter().collect::<String>());
        }

        #[test]
        fn signs_of_yaml_read_back(text in "[-#:{}\\[\\]\"'\\\\ \u{85}\u{9b}\u{2028}\u{feff}\n\t\r~%@&*!|>?,=./a0-9eE+x]{0,10}") {
            check(&text);
        }
    }
}
