//! The labels of a history's days (`data/series/labels`).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use jiff::civil::Date;

use super::fact::Fact;

/// A labelled span of days.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) start: Date,
    pub(crate) end: Date,
    /// `small`, `big`, `late`, `missing`, `holiday`, `shift`, `schema`, `dup`, `early`.
    pub(crate) kind: String,
    pub(crate) severity: Severity,
}

/// What a detector should do on a span of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Severity {
    /// There must be an alarm.
    Must,
    /// Ambiguous: not scored.
    Ignore,
    /// A holiday or similar: no alarm.
    Benign,
    /// A lasting change: only its tail counts.
    Shift,
}

impl Label {
    /// The labels of the history `name`; empty if it has no label file.
    pub(crate) fn read(data: &Path, name: &str) -> Result<Vec<Label>> {
        let path = data.join(format!("labels/{name}.csv"));
        if !path.exists() {
            return Ok(Vec::new());
        }
        let text = fs::read_to_string(&path)?;
        let of_this = |line: &&str| line.split(',').next() == Some(name);
        text.lines()
            .skip(1)
            .filter(of_this)
            .map(|line| Label::parse(line).with_context(|| format!("{}: {line}", path.display())))
            .collect()
    }

    /// Parses a line of `series,start,end,kind,severity,why`; only the last field may be quoted.
    fn parse(line: &str) -> Result<Label> {
        let [_, start, end, kind, severity, _] = line.splitn(6, ',').collect::<Vec<_>>()[..] else {
            bail!("a label has six fields");
        };
        let severity = match severity {
            "must" => Severity::Must,
            "ignore" => Severity::Ignore,
            "benign" => Severity::Benign,
            "shift" => Severity::Shift,
            other => bail!("unknown severity {other}"),
        };
        Ok(Label { start: start.parse()?, end: end.parse()?, kind: kind.to_owned(), severity })
    }
}

/// The days of a history, by what a detector should do. Days are indices into its facts.
#[derive(Default)]
pub(crate) struct Masks {
    /// The days of each incident that must raise an alarm.
    pub(crate) events: Vec<BTreeSet<usize>>,
    /// All labelled days.
    pub(crate) must: BTreeSet<usize>,
    pub(crate) ignore: BTreeSet<usize>,
    pub(crate) benign: BTreeSet<usize>,
    pub(crate) shift: BTreeSet<usize>,
}

impl Masks {
    /// Sorts the labels whose kind is in `of`; only incidents whose kind is in `owed` must raise an alarm here.
    pub(super) fn new(facts: &[Fact], labels: &[Label], of: &[&str], owed: &[&str]) -> Masks {
        let mut masks = Masks::default();
        for label in labels.iter().filter(|label| of.contains(&label.kind.as_str())) {
            let within = |fact: &Fact| label.start <= fact.day && fact.day <= label.end;
            let days: BTreeSet<usize> =
                (0..).zip(facts).filter(|(_, fact)| within(fact)).map(|(i, _)| i).collect();
            match label.severity {
                Severity::Must if owed.contains(&label.kind.as_str()) => {
                    masks.must.extend(&days);
                    masks.events.push(days);
                }
                Severity::Benign => masks.benign.extend(days),
                Severity::Shift => masks.shift.extend(days),
                Severity::Ignore => masks.ignore.extend(days),
                Severity::Must if matches!(label.kind.as_str(), "dup" | "schema") => {
                    masks.ignore.extend(days)
                }
                Severity::Must => {}
            }
        }
        masks
    }

    /// Whether the day has no label.
    pub(super) fn is_clean(&self, day: usize) -> bool {
        ![&self.must, &self.ignore, &self.benign, &self.shift].iter().any(|days| days.contains(&day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::detection::detector::Volume;

    #[test]
    fn labels_sort_into_masks() {
        let day = |day: i8| Date::constant(2024, 1, day);
        let facts: Vec<Fact> =
            (1..=9).map(|d| Fact { day: day(d), landed_at: None, volume: Volume::default() }).collect();
        let lines = [
            "x,2024-01-01,2024-01-02,small,must,\"empty, twice\"",
            "x,2024-01-03,2024-01-03,schema,must,columns",
            "x,2024-01-04,2024-01-05,holiday,benign,new year",
            "x,2024-01-06,2024-01-06,late,must,not of this kind",
        ];
        let labels = lines.map(|line| Label::parse(line).unwrap());
        let masks = Masks::new(&facts, &labels, &["small", "schema", "holiday"], &["small"]);
        assert_eq!(masks.events, [BTreeSet::from([0, 1])]);
        let clean: Vec<usize> = (0..9).filter(|day| masks.is_clean(*day)).collect();
        assert_eq!(clean, [5, 6, 7, 8]);
        assert_eq!(masks.ignore, BTreeSet::from([2]));
        assert!(Label::parse("x,2024-01-01,2024-01-01,small,perhaps,why").is_err());
    }
}
