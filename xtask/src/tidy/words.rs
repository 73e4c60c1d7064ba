//! Words that do not belong: another field's terms, unusual English, promises for later, and the names of one machine.

use super::Breach;
use crate::checkout::Source;

/// Where foreign terms are needed: crates that use a remote API, and keys that people know from other tools.
const ADAPTERS: &[&str] = &[
    "crates/lakegauge-notify/",
    "crates/lakegauge-cloudwatch/",
    "crates/lakegauge-aws/",
    "crates/lakegauge-config/src/suggestion.rs",
];

/// Phrases that nobody in the field uses, and what to write.
const ODD: &[(&str, &str)] = &[
    (concat!("asked for by", " name"), "named, explicit"),
    (concat!("is", " owed"), "is due, is expected"),
    (concat!("are", " owed"), "are due, are expected"),
    (concat!("is told", " of"), "is notified of"),
    (concat!("are told", " of"), "are notified of"),
    (concat!("teaches", " again"), "counts for learning again"),
    (concat!("reck", "on"), "compute, estimate"),
    (concat!("learn", "t"), "learned"),
    (concat!("a dataset", "-month"), "per dataset per month"),
];

/// Unfinished work. Split into pieces, so that this file follows its own rule.
const PROMISES: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];

/// Folders of one machine, and hosts that a mirror may replace.
const PLACES: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/tm", "p/wt"),
    concat!("/tm", "p/bash_jobs"),
    concat!("/ro", "ot/"),
    concat!("/fa", "rm/"),
    concat!("crates", ".io"),
    concat!("pypi", ".org"),
    concat!("python", "hosted.org"),
    concat!("npm", "js."),
    concat!("deb.deb", "ian.org"),
];

/// A breach for each line with a word that does not belong in this file.
pub(super) fn check(source: &Source) -> Vec<Breach> {
    // The lock file is cargo's own text.
    if source.path == "Cargo.lock" {
        return Vec::new();
    }
    let adapter = ADAPTERS.iter().any(|prefix| source.path.starts_with(prefix));
    let breach = |(at, line): (usize, &str)| {
        let lower = line.to_lowercase();
        let what = if source.is_rust() && !adapter && says_alarm_otherwise(&lower) {
            "the word is `alarm`: the other one is for adapters whose remote API says it".to_owned()
        } else if let Some(word) = PROMISES.iter().find(|word| line.contains(**word)) {
            format!("`{word}`: finish it or write an issue")
        } else if let Some((odd, usual)) = ODD.iter().find(|(odd, _)| lower.contains(odd)) {
            format!("`{odd}` is unusual: write `{usual}`")
        } else {
            let place = PLACES.iter().find(|place| names(line, place))?;
            format!("`{place}` is a place of one machine or network: leave it out")
        };
        Some(Breach::at(&source.path, at + 1, what))
    };
    source.text.lines().enumerate().filter_map(breach).collect()
}

/// Whether the line, in lower case, uses the other word for an alarm. Alertmanager is a product's name.
fn says_alarm_otherwise(line: &str) -> bool {
    line.contains(concat!("al", "ert"))
        && line.replace(concat!("al", "ertmanager"), "").contains(concat!("al", "ert"))
}

/// Whether the line contains the place itself: an absolute path, not a part of a longer one.
fn names(line: &str, place: &str) -> bool {
    let inside = |at: usize| line[..at].ends_with(|c: char| c.is_alphanumeric() || "-_.~".contains(c));
    line.match_indices(place).any(|(at, _)| !inside(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_breaches_where_it_does_not_belong() {
        let check = |path: &str, text: &str, expect: usize| {
            let source = Source { path: path.to_owned(), text: text.to_owned() };
            assert_eq!(super::check(&source).len(), expect, "{path} {text}");
        };
        let core = "crates/lakegauge-core/src/alarm.rs";
        check(core, "// an alarm", 0);
        check(core, concat!("struct Al", "ertState;"), 1);
        check(core, concat!("// grouped as in Al", "ertmanager"), 0);
        check("crates/lakegauge-notify/src/pager.rs", concat!("// an al", "ert"), 0);
        check("README.md", concat!("fewer al", "erts"), 0);
        check("README.md", concat!("TO", "DO: more"), 1);
        check("README.md", concat!("see /wo", "rk/main"), 1);
        check("README.md", "see path/to/work/done", 0);
        check("docs/x.md", concat!("What is", " owed."), 1);
        check("docs/x.md", "What is due.", 0);
        check("deny.toml", concat!("url = \"https://pypi", ".org/x\""), 1);
        check("Cargo.lock", concat!("crates", ".io"), 0);
    }
}
