//! Writes or compares every file.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use super::{contest, scenes};
use crate::bench::detection::{standings, table};
use crate::checkout;

const PAGE: &str = "docs/detection.md";
/// The table of peers is between these lines of the page.
const MARKERS: (&str, &str) =
    ("<!-- peers: written by `cargo xtask charts` -->\n", "<!-- end of peers -->\n");

/// `charts` writes files that are out of date; `charts --check` lists them and fails.
pub(crate) fn run(options: &[&str]) -> Result<ExitCode> {
    let check = match options {
        [] => false,
        ["--check"] => true,
        _ => bail!("charts [--check]"),
    };
    let root = checkout::root()?;
    let mut stale = 0;
    for (path, text) in documents(&root)? {
        if fs::read_to_string(root.join(&path)).is_ok_and(|there| there == text) {
            continue;
        }
        stale += 1;
        match check {
            true => println!("{path}: out of date: run `cargo xtask charts`"),
            false => fs::write(root.join(&path), text).with_context(|| path.clone())?,
        }
    }
    let done = if check { "stale" } else { "written" };
    println!("charts: {stale} {done}");
    Ok(if check && stale > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Every file with its current text.
fn documents(root: &Path) -> Result<Vec<(String, String)>> {
    let data = root.join("data/series");
    let standings = standings(&data)?;
    let drawn = [
        ("rhythm", scenes::RHYTHM.svg(&data)?),
        ("shift", scenes::SHIFT.svg(&data)?),
        ("wrong", scenes::WRONG.svg(&data)?),
        ("moved", scenes::MOVED.svg(&data)?),
        ("peers", contest::svg(&standings)),
    ];
    let mut documents: Vec<(String, String)> =
        drawn.into_iter().map(|(name, svg)| (format!("docs/images/detection-{name}.svg"), svg)).collect();
    let page = fs::read_to_string(root.join(PAGE)).context(PAGE)?;
    documents.push((PAGE.to_owned(), with_table(&page, &table(&standings))?));
    Ok(documents)
}

/// The page with this table between the markers.
fn with_table(page: &str, table: &str) -> Result<String> {
    let (begin, end) = MARKERS;
    let missing = || format!("{PAGE} lacks a line {}", begin.trim());
    let (before, rest) = page.split_once(begin).with_context(missing)?;
    let (_, after) = rest.split_once(end).with_context(|| format!("{PAGE} lacks a line {}", end.trim()))?;
    Ok(format!("{before}{begin}\n{table}\n{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_markers_is_written() {
        let (begin, end) = MARKERS;
        let page = format!("before\n{begin}old\n{end}after\n");
        let written = with_table(&page, "new\n").unwrap();
        assert_eq!(written, format!("before\n{begin}\nnew\n\n{end}after\n"));
        assert_eq!(with_table(&written, "new\n").unwrap(), written);
        assert!(with_table("before\n", "new\n").is_err());
    }
}
