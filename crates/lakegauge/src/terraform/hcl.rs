//! Writes data as HCL, formatted as by `terraform fmt`.

/// A value of HCL. Its strings are never read as templates.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// `null`.
    Null,
    /// A number.
    Number(f64),
    /// A string, quoted.
    Text(String),
    /// A list; on one line when it is short.
    List(Vec<Value>),
    /// An object, one line per key.
    Map(Vec<(String, Value)>),
    /// An object on one line.
    Inline(Vec<(String, Value)>),
}

impl Value {
    pub(super) fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }

    pub(super) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Value {
        Value::List(texts.into_iter().map(Value::text).collect())
    }
}

/// A list longer than this many characters has one line per item.
const LONGEST_LINE: usize = 100;

/// A `locals` block.
pub(super) fn locals(entries: Vec<(String, Value)>) -> String {
    format!("locals {}\n", object(&entries, 0))
}

fn object(entries: &[(String, Value)], depth: usize) -> String {
    if entries.is_empty() {
        return "{}".to_owned();
    }
    let indent = "  ".repeat(depth + 1);
    let written: Vec<(String, String)> =
        entries.iter().map(|(name, value)| (key(name), write(value, depth + 1))).collect();
    let mut out = "{\n".to_owned();
    // `terraform fmt` aligns the equals signs of neighbouring lines; a value with several lines is not aligned.
    for run in written.chunk_by(|a, b| !a.1.contains('\n') && !b.1.contains('\n')) {
        let width = run.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, value) in run {
            let pad = " ".repeat(width - name.chars().count().min(width));
            out.push_str(&format!("{indent}{name}{pad} = {value}\n"));
        }
    }
    out.push_str(&"  ".repeat(depth));
    out.push('}');
    out
}

fn write(value: &Value, depth: usize) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => quoted(text),
        Value::Map(entries) => object(entries, depth),
        Value::Inline(entries) => {
            let entries =
                entries.iter().map(|(name, value)| format!("{} = {}", key(name), write(value, depth)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| write(item, depth + 1)).collect();
            let line = format!("[{}]", items.join(", "));
            if line.chars().count() <= LONGEST_LINE && !line.contains('\n') {
                return line;
            }
            let indent = "  ".repeat(depth + 1);
            let lines: String = items.iter().map(|item| format!("{indent}{item},\n")).collect();
            format!("[\n{lines}{}]", "  ".repeat(depth))
        }
    }
}

/// Keywords that cannot be used as keys.
const WORDS: &[&str] = &["for", "if", "in", "else", "endif", "endfor", "null", "true", "false"];

fn key(name: &str) -> String {
    let first = |c: char| c.is_ascii_alphabetic() || c == '_';
    let rest = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    match name.starts_with(first) && name.chars().all(rest) && !WORDS.contains(&name) {
        true => name.to_owned(),
        false => quoted(name),
    }
}

/// A quoted string, with template markers, quotes and invisible characters escaped.
fn quoted(text: &str) -> String {
    let mut out = "\"".to_owned();
    let mut rest = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = rest.next() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Doubling escapes it, but not after another one.
            '$' | '%' if rest.peek() == Some(&'{') => match before == c {
                true => out.push_str(&format!("\\u{:04x}", u32::from(c))),
                false => out.extend([c, c]),
            },
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
        before = c;
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_never_templates() {
        let check = |text: &str, expect: &str| assert_eq!(quoted(text), expect);
        check("plain", r#""plain""#);
        check(r#"a "b" \c"#, r#""a \"b\" \\c""#);
        check("${var.x} %{if}", r#""$${var.x} %%{if}""#);
        check("$${x} 5 % {", r#""$\u0024{x} 5 % {""#);
        check("two\nlines\t\u{7}", r#""two\nlines\t\u0007""#);
    }

    #[test]
    fn columns_are_those_of_fmt() {
        let n = |n: f64| Value::Number(n);
        let inner = vec![("for".to_owned(), n(1.5)), ("a-b".to_owned(), Value::Null)];
        let entries = vec![
            ("a".to_owned(), n(1.0)),
            ("long".to_owned(), Value::Inline(inner.clone())),
            ("m".to_owned(), Value::Map(inner)),
            ("short".to_owned(), Value::texts(["x", "y"])),
            ("wide".to_owned(), Value::texts(["x".repeat(60), "y".repeat(60)])),
            ("none".to_owned(), Value::Map(Vec::new())),
        ];
        insta::assert_snapshot!(locals(entries));
    }
}
