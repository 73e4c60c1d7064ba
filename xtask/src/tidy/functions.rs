//! Functions fit on a screen: they should have at most 60 lines and must have at most 100.
//!
//! The length relies on rustfmt's layout: a function ends at the first closing brace at its own indent.

use super::Breach;
use crate::checkout::Source;

/// Longer functions are listed, but do not fail.
const AIM: usize = 60;
/// Maximum length of a function outside tests.
const STOP: usize = 100;

/// A function and its length.
#[derive(Debug, PartialEq, Eq)]
struct Function<'a> {
    name: &'a str,
    /// The line of its `fn`, from 1.
    line: usize,
    /// From `fn` to the closing brace, inclusive.
    lines: usize,
}

/// A breach for each function outside tests that is longer than [`STOP`] lines.
pub(super) fn check(source: &Source) -> Vec<Breach> {
    let long = |f: &Function| !source.is_test() && f.lines > STOP;
    let breach = |f: Function| {
        Breach::at(&source.path, f.line, format!("fn {} is {} lines, at most {STOP}", f.name, f.lines))
    };
    functions(&source.text).into_iter().filter(long).map(breach).collect()
}

/// The functions longer than the aim, longest first.
pub(super) fn longest<'a>(sources: impl Iterator<Item = &'a Source>) -> String {
    let mut long: Vec<(usize, String)> = sources
        .filter(|s| !s.is_test())
        .flat_map(|s| functions(&s.text).into_iter().map(move |f| (f, s)))
        .filter(|(f, _)| f.lines > AIM)
        .map(|(f, s)| (f.lines, format!("  {} {}:{} {}", f.lines, s.path, f.line, f.name)))
        .collect();
    long.sort_unstable_by(|a, b| b.cmp(a));
    let head = format!("functions over {AIM} lines: {}", long.len());
    [vec![head], long.into_iter().map(|(_, line)| line).collect()].concat().join("\n")
}

fn functions(text: &str) -> Vec<Function<'_>> {
    let lines: Vec<&str> = text.lines().collect();
    let starts = text.lines().enumerate().filter_map(|(at, line)| Some((at, name_of(line)?)));
    starts
        .map(|(at, name)| Function { name, line: at + 1, lines: length(lines.get(at..).unwrap_or(&[])) })
        .collect()
}

/// The name of the function that starts on this line.
fn name_of(line: &str) -> Option<&str> {
    let mut rest = line.trim_start();
    for word in ["pub(crate) ", "pub(super) ", "pub ", "const ", "async ", "extern \"C\" "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let name = rest.strip_prefix("fn ")?;
    Some(name.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or(name))
}

/// The number of lines of the function that starts on the first of `lines`; 1 for a signature without a body.
fn length(lines: &[&str]) -> usize {
    let Some(first) = lines.first() else { return 0 };
    if first.ends_with(';') || first.ends_with('}') {
        return 1;
    }
    let indent = &first[..first.len() - first.trim_start().len()];
    let ends = |line: &&str| {
        line.strip_prefix(indent)
            .is_some_and(|rest| rest == "}" || (rest.starts_with(')') && rest.ends_with(';')))
    };
    lines.iter().skip(1).position(ends).map_or(lines.len(), |at| at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(name: &str, body: usize) -> String {
        format!(
            "impl A {{\n    pub async fn {name}(\n        a: u8,\n    ) {{\n{}    }}\n}}\n",
            "        x();\n".repeat(body)
        )
    }

    #[test]
    fn lengths_follow_the_indent() {
        let text = format!("fn one() {{}}\n\ntrait T {{\n    fn of(&self);\n}}\n{}", function("two", 3));
        let lengths: Vec<_> = functions(&text).iter().map(|f| (f.name, f.lines)).collect();
        assert_eq!(lengths, [("one", 1), ("of", 1), ("two", 7)]);
    }

    #[test]
    fn only_long_functions_outside_of_tests_breach() {
        let check = |path: &str, body, expect: usize| {
            let source = Source { path: path.to_owned(), text: function("long", body) };
            assert_eq!(super::check(&source).len(), expect, "{path} {body}");
        };
        check("a.rs", STOP - 4, 0);
        check("a.rs", STOP - 3, 1);
        check("a/tests.rs", STOP, 0);
    }

    #[test]
    fn the_longest_come_first() {
        let file = |name: &str, body| Source { path: format!("{name}.rs"), text: function(name, body) };
        let files = [file("a", 60), file("b", 70), file("c", 5)];
        assert_eq!(longest(files.iter()), "functions over 60 lines: 2\n  74 b.rs:2 b\n  64 a.rs:2 a");
    }
}
