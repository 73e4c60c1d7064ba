//! Incidents that the user remembers: partitions that were bad, to compare with what the alarms would have reported.

use jiff::Timestamp;
use lakegauge_core::mark::Mark;
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::Partition;
use serde::{Deserialize, Serialize};

use super::replay::Run;

/// Partitions of a dataset that a person remembers as bad.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Incident {
    /// The dataset's name.
    pub dataset: String,
    /// The first bad partition. A day covers its hours.
    pub from: Partition,
    /// The last bad partition.
    pub to: Partition,
    /// Why, if the user said so.
    pub why: String,
    /// Who remembers it.
    pub source: Remembered,
}

/// Where a remembered incident comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Remembered {
    /// A file with incidents.
    File,
    /// `lakegauge reject`.
    Mark,
}

/// What the alarms would have reported about an incident.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// At least one alarm would have fired; this is the first.
    Caught {
        /// On which partition.
        partition: Partition,
        /// On which metric.
        metric: Metric,
        /// When.
        at: Timestamp,
    },
    /// At most a notice would have been given.
    Noticed {
        /// On which partition.
        partition: Partition,
    },
    /// Nothing would have been reported.
    Missed,
    /// The replay does not cover it.
    NotReplayed {
        /// Why.
        why: String,
    },
}

/// Why a file of incidents cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {detail}")]
pub struct IncidentError {
    /// The line or the entry.
    pub place: String,
    /// What is wrong with it, and how to fix it.
    pub detail: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    dataset: String,
    from: String,
    #[serde(default)]
    to: Option<String>,
    #[serde(default)]
    why: Option<String>,
}

/// Reads incidents: CSV whose first line is `dataset,from,to,why`, or a YAML list of maps with these keys. `to` and `why` may
/// be left out.
///
/// # Errors
/// The first entry that cannot be read.
pub fn read(text: &str) -> Result<Vec<Incident>, IncidentError> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let rows = if first.contains(',') && !first.trim_start().starts_with(['-', '[', '{']) {
        of_csv(text)?
    } else {
        of_yaml(text)?
    };
    rows.into_iter().map(|(place, row)| incident(place, row)).collect()
}

fn of_csv(text: &str) -> Result<Vec<(String, Row)>, IncidentError> {
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    let at = |position: Option<&csv::Position>| match position {
        Some(at) => format!("line {}", at.line()),
        None => "the file".to_owned(),
    };
    let headers = reader.headers().cloned().map_err(|e| error("line 1", &e.to_string()))?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| error(at(e.position()), &e.to_string()))?;
        let place = at(record.position());
        let row = record.deserialize(Some(&headers)).map_err(|e| error(&place, &plain(&e)))?;
        rows.push((place, row));
    }
    Ok(rows)
}

/// The text of a CSV error without its record number, because `place` already gives the place.
fn plain(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
        _ => error.to_string(),
    }
}

fn of_yaml(text: &str) -> Result<Vec<(String, Row)>, IncidentError> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = serde_saphyr::from_str(text).map_err(|e| error("the list", &e.to_string()))?;
    Ok(rows.into_iter().enumerate().map(|(n, row)| (format!("entry {}", n + 1), row)).collect())
}

fn error(place: impl Into<String>, detail: &str) -> IncidentError {
    let hint = "wanted: dataset, from, to, why, with partitions like 2026-11-21 or 2026-11-21T05";
    IncidentError { place: place.into(), detail: format!("{detail}; {hint}") }
}

fn incident(place: String, row: Row) -> Result<Incident, IncidentError> {
    let partition = |text: &str| {
        Partition::parse(text).ok_or_else(|| error(&place, &format!("`{text}` is not a partition")))
    };
    let from = partition(&row.from)?;
    let to = row.to.filter(|to| !to.is_empty()).map(|to| partition(&to)).transpose()?.unwrap_or(from);
    if to.start() < from.start() {
        return Err(error(&place, &format!("{to} is before {from}")));
    }
    let why = row.why.unwrap_or_default();
    Ok(Incident { dataset: row.dataset, from, to, why, source: Remembered::File })
}

impl Incident {
    /// The incident that a mark describes.
    pub(super) fn of_mark(dataset: &str, partition: Partition, mark: &Mark) -> Incident {
        let why = mark.reason.clone().unwrap_or_default();
        let dataset = dataset.to_owned();
        Incident { dataset, from: partition, to: partition, why, source: Remembered::Mark }
    }

    /// Whether the incident includes a partition.
    pub fn covers(&self, partition: Partition) -> bool {
        let begins = partition.start();
        self.from.start() <= begins && begins < self.to.next().start()
            // A month is bad if one of its days was.
            || begins <= self.from.start() && self.from.start() < partition.next().start()
    }

    /// What the alarms of `run` would have reported about it.
    pub(super) fn outcome(&self, run: Option<&Run>) -> Outcome {
        let Some(run) = run else {
            return Outcome::NotReplayed { why: "the config has no such dataset".to_owned() };
        };
        let firings = run.alarms.iter().flat_map(|alarm| alarm.firings.iter().map(move |f| (alarm, f)));
        let of_it = firings.filter(|(_, firing)| self.covers(firing.partition));
        if let Some((alarm, first)) = of_it.min_by_key(|(_, firing)| firing.at) {
            return Outcome::Caught { partition: first.partition, metric: alarm.metric, at: first.at };
        }
        let notices = run.alarms.iter().flat_map(|alarm| alarm.notices.iter());
        if let Some(partition) = notices.copied().find(|partition| self.covers(*partition)) {
            return Outcome::Noticed { partition };
        }
        match run.replayed.iter().any(|partition| self.covers(*partition)) {
            true => Outcome::Missed,
            false => {
                Outcome::NotReplayed { why: "none of its partitions was judged in these days".to_owned() }
            }
        }
    }
}
