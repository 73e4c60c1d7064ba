//! Rooms of one floor do not need each other: among the modules of one folder, no arrows form a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::Breach;
use crate::checkout::Source;

/// A module by its names from the crate's root; empty for the root.
type Path = Vec<String>;

/// Which siblings each module of one folder uses, and where first.
type Arrows = BTreeMap<String, BTreeMap<String, String>>;

/// A breach for each folder of modules with a circle: one of its circles, and a line of each arrow.
pub(super) fn check<'a>(sources: impl Iterator<Item = &'a Source>) -> Vec<Breach> {
    let mut crates: BTreeMap<String, Vec<&Source>> = BTreeMap::new();
    for source in sources.filter(|source| !source.is_test()) {
        if let Some((name, _)) = source.path.split_once("/src/") {
            crates.entry(format!("{name}/src")).or_default().push(source);
        }
    }
    crates.iter().flat_map(|(root, sources)| of_crate(root, sources)).collect()
}

fn of_crate(root: &str, sources: &[&Source]) -> Vec<Breach> {
    let modules: BTreeSet<Path> = sources.iter().map(|source| module(root, &source.path)).collect();
    let mut folders: BTreeMap<Path, Arrows> = BTreeMap::new();
    for source in sources {
        let from = module(root, &source.path);
        for (line, text) in code(&source.text) {
            for to in paths(text, &from).into_iter().filter_map(|path| nearest(&modules, path)) {
                let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
                // An arrow to a module above or below is none between siblings.
                if let (Some(a), Some(b)) = (from.get(common), to.get(common)) {
                    let arrows = folders.entry(to.iter().take(common).cloned().collect()).or_default();
                    let place = format!("{}:{line}", source.path);
                    arrows.entry(a.clone()).or_default().entry(b.clone()).or_insert(place);
                }
            }
        }
    }
    let circles = folders.values().filter_map(circle);
    let told = circles.map(|circle| {
        let arrows: Vec<String> =
            circle.iter().map(|(a, b, place)| format!("{a} uses {b} ({place})")).collect();
        Breach::new(root, format!("a circle of modules: {}", arrows.join(", ")))
    });
    told.collect()
}

/// The module of a file.
fn module(root: &str, path: &str) -> Path {
    let inside = path.strip_prefix(root).unwrap_or(path).trim_start_matches('/');
    let name = inside.trim_end_matches(".rs");
    let name = name.strip_suffix("/mod").unwrap_or(name);
    match name {
        "lib" | "main" | "mod" => Vec::new(),
        name => name.split('/').map(str::to_owned).collect(),
    }
}

/// The lines of code with their numbers, up to the tests.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
    (1..).zip(lines).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The paths that start with `crate::` or `super::` in a line of the module `from`.
fn paths(line: &str, from: &Path) -> Vec<Path> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(at) = ["crate::", "super::"].iter().filter_map(|start| rest.find(start)).min() {
        let mut base: Path = if rest[at..].starts_with("crate") { Vec::new() } else { from.clone() };
        let inside_a_word = rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        rest = &rest[at..];
        while let Some(above) = rest.strip_prefix("super::") {
            base.pop();
            rest = above;
        }
        rest = rest.strip_prefix("crate::").unwrap_or(rest);
        if !inside_a_word {
            let group = rest.strip_prefix('{').map(|inside| inside.split('}').next().unwrap_or(inside));
            let names = group.unwrap_or(rest).split(',').take(if group.is_some() { usize::MAX } else { 1 });
            for name in names {
                let word = |c: char| c.is_alphanumeric() || c == '_';
                let segments = name.trim().split("::").map(|s| s.split(|c| !word(c)).next().unwrap_or(""));
                found.push(base.iter().cloned().chain(segments.map(str::to_owned)).collect());
            }
        }
    }
    found
}

/// The module in which `path` is.
fn nearest(modules: &BTreeSet<Path>, mut path: Path) -> Option<Path> {
    while !path.is_empty() && !modules.contains(&path) {
        path.pop();
    }
    (!path.is_empty()).then_some(path)
}

/// The arrows of one circle.
fn circle(arrows: &Arrows) -> Option<Vec<(&str, &str, &str)>> {
    let mut done = BTreeSet::new();
    arrows.keys().find_map(|start| walk(arrows, start, &mut Vec::new(), &mut done))
}

fn walk<'a>(
    arrows: &'a Arrows,
    at: &'a str,
    way: &mut Vec<(&'a str, &'a str, &'a str)>,
    done: &mut BTreeSet<&'a str>,
) -> Option<Vec<(&'a str, &'a str, &'a str)>> {
    if let Some(start) = way.iter().position(|(from, _, _)| *from == at) {
        return Some(way.split_off(start));
    }
    if !done.insert(at) {
        return None;
    }
    for (to, place) in arrows.get(at).into_iter().flatten() {
        way.push((at, to, place));
        if let Some(circle) = walk(arrows, to, way, done) {
            return Some(circle);
        }
        way.pop();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_on_every_floor() {
        let check = |files: &[(&str, &str)], expect: &[&str]| {
            let sources: Vec<Source> = files
                .iter()
                .map(|(path, text)| Source { path: format!("crates/x/src/{path}"), text: (*text).to_owned() })
                .collect();
            let found: Vec<String> =
                super::check(sources.iter()).into_iter().map(|breach| breach.what).collect();
            assert_eq!(found, expect, "{files:?}");
        };
        check(&[("lib.rs", "mod a;\nmod b;"), ("a.rs", "use crate::b::B;"), ("b.rs", "")], &[]);
        check(
            &[("lib.rs", ""), ("a.rs", "use crate::b::B;"), ("b/mod.rs", ""), ("b/c.rs", "\nuse crate::a;")],
            &["a circle of modules: a uses b (crates/x/src/a.rs:1), b uses a (crates/x/src/b/c.rs:2)"],
        );
        check(
            &[
                ("a/mod.rs", ""),
                ("a/b.rs", "use super::{d, c::C};"),
                ("a/c.rs", "super::d::f()"),
                ("a/d.rs", "x(super::b::f())"),
            ],
            &[
                "a circle of modules: b uses c (crates/x/src/a/b.rs:1), c uses d (crates/x/src/a/c.rs:1), d uses b (crates/x/src/a/d.rs:1)",
            ],
        );
        // Names that a folder exports, comments, tests, and folders that use what is in them.
        check(
            &[("a/mod.rs", "pub use b::B;"), ("a/b.rs", "use super::C;"), ("a/c.rs", "use super::B;")],
            &[],
        );
        check(
            &[
                ("a.rs", "// crate::b\nuse crate::b;"),
                ("b.rs", "/// [`a`](crate::a)\n#[cfg(test)]\nmod tests { use crate::a; }"),
            ],
            &[],
        );
        check(&[("a/mod.rs", "use crate::a::b::B;"), ("a/b.rs", "use crate::a::A;")], &[]);
    }
}
