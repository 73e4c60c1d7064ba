//! Reads the histories in `data/series/daily`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan, tz};

use super::detector::Volume;
use super::fact::Fact;
use super::labels::Label;

/// A feed: every day from its first to its last, and its labels.
pub(crate) struct History {
    pub(crate) name: String,
    pub(crate) facts: Vec<Fact>,
    pub(crate) labels: Vec<Label>,
}

impl History {
    /// The facts of the same feed with all sizes times `scale`: a detector should give the same verdicts.
    pub(crate) fn read(data: &Path, name: &str, scale: f64) -> Result<History> {
        let by_rows = fs::read_to_string(data.join("by_rows.txt")).context("by_rows.txt")?;
        let by_rows = by_rows.split_whitespace().any(|other| other == name);
        let path = data.join(format!("daily/{name}.csv"));
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let came: Vec<Fact> = text
            .lines()
            .skip(1)
            .map(|line| fact(line, by_rows, scale).with_context(|| format!("{}: {line}", path.display())))
            .collect::<Result<_>>()?;
        Ok(History { name: name.to_owned(), facts: every_day(came), labels: Label::read(data, name)? })
    }

    /// All scored histories.
    pub(super) fn all(data: &Path) -> Result<Vec<History>> {
        let names = History::names(data)?;
        ensure!(!names.is_empty(), "no histories in {}", data.display());
        names.iter().map(|name| History::read(data, name, 1.0)).collect()
    }

    /// The names of all scored histories, in order.
    fn names(data: &Path) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(data.join("daily")).context("data/series/daily")? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            names.extend(name.strip_suffix(".csv").map(str::to_owned));
        }
        names.sort_unstable();
        Ok(names)
    }
}

/// A line of `partition,arrived_at,bytes,rows,columns`.
fn fact(line: &str, by_rows: bool, scale: f64) -> Result<Fact> {
    let mut fields = line.split(',');
    let mut field = || fields.next().unwrap_or_default();
    let (day, arrived, bytes, rows) = (field().parse::<Date>()?, field(), number(field())?, number(field())?);
    let mut landed_at = if arrived.is_empty() { None } else { Some(arrived.parse::<Timestamp>()?) };
    let volume = match (by_rows, bytes) {
        (true, _) => Volume { size: None, rows },
        (false, None) => Volume::default(),
        // No rows in a file with bytes means that nobody counted them.
        (false, Some(bytes)) => {
            Volume { size: Some((bytes * scale).round_ties_even()), rows: rows.filter(|rows| *rows != 0.0) }
        }
    };
    let sixty_days = SignedDuration::from_hours(60 * 24);
    let mut volume = volume;
    if landed_at.is_some_and(|at| at.duration_since(start(day)) > sixty_days) {
        // Filed in months later: it was absent when it mattered.
        (landed_at, volume) = (None, Volume::default());
    }
    Ok(Fact { day, landed_at, volume })
}

fn number(text: &str) -> Result<Option<f64>> {
    if matches!(text, "" | "nan") { Ok(None) } else { Ok(Some(text.parse()?)) }
}

/// Midnight UTC of the day.
pub(crate) fn start(day: Date) -> Timestamp {
    tz::TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX)
}

/// Fills in the days between the first and the last on which nothing came.
fn every_day(mut came: Vec<Fact>) -> Vec<Fact> {
    came.sort_by_key(|fact| fact.day);
    let mut days: Vec<Fact> = Vec::new();
    for fact in came {
        while let Some(next) =
            days.last().map(|last| last.day.saturating_add(1.day())).filter(|next| *next < fact.day)
        {
            days.push(Fact { day: next, landed_at: None, volume: Volume::default() });
        }
        days.push(fact);
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_as_what_was_known_when_it_mattered() {
        let check = |line: &str, by_rows, landed: Option<&str>, size, rows| {
            let fact = fact(line, by_rows, 1.0).unwrap();
            assert_eq!(fact.landed_at, landed.map(|at| at.parse().unwrap()), "{line}");
            assert_eq!(fact.volume, Volume { size, rows }, "{line}");
        };
        let at = Some("2024-01-02T03:04:05Z");
        check("2024-01-01,2024-01-02T03:04:05Z,10,4,2", false, at, Some(10.0), Some(4.0));
        check("2024-01-01,2024-01-02T03:04:05Z,10,0.0,2", false, at, Some(10.0), None);
        check("2024-01-01,2024-01-02T03:04:05Z,10,4,2", true, at, None, Some(4.0));
        check("2024-01-01,2024-01-02T03:04:05Z,,4,2", false, at, None, None);
        check("2023-10-01,2024-01-02T03:04:05Z,10,4,2", false, None, None, None);
        check("2024-01-01,,7,,", false, None, Some(7.0), None);
    }

    #[test]
    fn days_between_are_filled() {
        let facts = ["2024-02-27,,1,,", "2024-03-01,,1,,"].map(|line| fact(line, false, 1.0).unwrap());
        let days: Vec<String> = every_day(facts.to_vec()).iter().map(|fact| fact.day.to_string()).collect();
        assert_eq!(days, ["2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01"]);
    }
}
