//! Links in Markdown pages point to files that exist.

use std::path::{Component, Path, PathBuf};

use super::Breach;
use crate::checkout::Source;

/// A breach for each relative link whose target does not exist according to `exists`.
pub(super) fn check(source: &Source, exists: impl Fn(&Path) -> bool) -> Vec<Breach> {
    if !source.path.ends_with(".md") {
        return Vec::new();
    }
    let folder = Path::new(&source.path).parent().unwrap_or(Path::new(""));
    let mut breaches = Vec::new();
    let mut fenced = false;
    for (at, line) in source.text.lines().enumerate() {
        fenced ^= line.trim_start().starts_with("```");
        for target in targets(line).filter(|_| !fenced) {
            let file = target.split('#').next().unwrap_or(target);
            match resolve(folder, file) {
                Some(path) if exists(&path) => {}
                _ => breaches.push(Breach::at(&source.path, at + 1, format!("`{target}` does not exist"))),
            }
        }
    }
    breaches
}

/// The targets of `[text](target)` on a line that are files and not URLs.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let after = line.split("](").skip(1);
    let target = after.filter_map(|rest| rest.split([')', ' ']).next());
    target.filter(|t| !t.is_empty() && !t.starts_with('#') && !t.contains(':'))
}

/// The path from the root; `None` if it is outside the checkout.
fn resolve(folder: &Path, target: &str) -> Option<PathBuf> {
    let mut path = PathBuf::new();
    for part in folder.join(target).components() {
        match part {
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            Component::ParentDir if path.pop() => {}
            _ => return None,
        }
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_files_must_lead_to_one() {
        let there = ["README.md", "docs/adr/0001-jiff.md", "docs"];
        let check = |text: &str, expect: usize| {
            let source = Source { path: "docs/adr/0002-clap.md".to_owned(), text: text.to_owned() };
            let found = super::check(&source, |path| there.iter().any(|t| Path::new(t) == path));
            assert_eq!(found.len(), expect, "{text}");
        };
        check("[a](0001-jiff.md) and [b](../../README.md#words)", 0);
        check("[a](0003-gone.md) and [b](../gone.md)", 2);
        check("[a](../../../outside.md)", 1);
        check("[a](https://example.org/x) [b](#here) [c](mailto:a@example.org)", 0);
        check("```\n[a](gone.md)\n```\n[b](gone.md)", 1);
        check("![picture](../..)", 1);
        check("[folder](..)", 0);
    }
}
