//! Writes texts as YAML scalars that every reader reads as that text.

use std::fmt::Write as _;

use crate::foreign::is_hidden;

/// A scalar for a place of its own: a key or its value. Plain if no reader of YAML, old or new, can read it as
/// anything but this text; quoted otherwise.
pub fn block(text: &str) -> String {
    let inner = |c: char| c.is_ascii_alphanumeric() || "_-./={}%*+:~".contains(c);
    written(text, !text.ends_with(':') && text.chars().all(inner))
}

/// A scalar that is also safe inside `[…]` or `{…}`, where braces and commas have a meaning.
pub fn flow(text: &str) -> String {
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
