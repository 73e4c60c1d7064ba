//! Files stay small: a production file should have at most 200 lines and must have at most 500.

use super::Breach;
use crate::checkout::Source;

/// Longer files are counted, but do not fail.
const AIM: usize = 200;
/// Maximum length of a production file, including its own tests.
const STOP: usize = 500;

/// A breach if a production file is longer than [`STOP`] lines.
pub(super) fn check(source: &Source) -> Option<Breach> {
    let lines = source.text.lines().count();
    let over = !source.is_test() && lines > STOP;
    over.then(|| Breach::new(&source.path, format!("{lines} lines, at most {STOP}: split it")))
}

/// One line about all production files: number, median, and those longer than the aim.
pub(super) fn distribution<'a>(sources: impl Iterator<Item = &'a Source>) -> String {
    let mut sizes: Vec<(usize, &str)> =
        sources.filter(|s| !s.is_test()).map(|s| (s.text.lines().count(), s.path.as_str())).collect();
    sizes.sort_unstable();
    let at = |share: usize| sizes.get(sizes.len() * share / 100).map_or(0, |(lines, _)| *lines);
    let above: Vec<String> =
        sizes.iter().rev().take_while(|(n, _)| *n > AIM).map(|(n, path)| format!("  {n} {path}")).collect();
    let head = format!(
        "production files: {}, median {} lines, 95th percentile {}, {} over {AIM}",
        sizes.len(),
        at(50),
        at(95),
        above.len()
    );
    [vec![head], above].concat().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, lines: usize) -> Source {
        Source { path: path.to_owned(), text: "x\n".repeat(lines) }
    }

    #[test]
    fn only_production_files_over_the_limit_breach() {
        let check =
            |path, lines, expect| assert_eq!(check(&file(path, lines)).is_some(), expect, "{path} {lines}");
        check("crates/a/src/lake.rs", 500, false);
        check("crates/a/src/lake.rs", 501, true);
        check("crates/a/src/lake/tests.rs", 501, false);
        check("crates/a/tests/it/main.rs", 501, false);
    }

    #[test]
    fn the_distribution_names_what_is_above_the_aim() {
        let files = [file("a.rs", 10), file("b.rs", 201), file("c.rs", 30)];
        let report = distribution(files.iter());
        assert_eq!(
            report,
            "production files: 3, median 30 lines, 95th percentile 201, 1 over 200\n  201 b.rs"
        );
    }
}
