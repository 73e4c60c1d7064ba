//! The detector as a filter: one JSON object per line in, one per line out.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::json;

use super::fact::Fact;
use super::series::Series;
use crate::metric::Metric;
use crate::partition::{Cadence, Partition};
use crate::record::Lesson;

/// A line that cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum FilterError {
    /// It is not a JSON object with the fields of the protocol.
    #[error("invalid input line: {0}")]
    Malformed(#[from] serde_json::Error),
    /// It names no partition.
    #[error("invalid input line: it needs `expect` or `partition`")]
    Empty,
    /// A metric that is not known.
    #[error("invalid input line: {0}")]
    Metric(#[from] crate::metric::UnknownMetric),
    /// The cadence differs from that of the series: daily instead of hourly, for example.
    #[error("invalid input line: {partition} is {}, and `{series}` has {} partitions", .partition.cadence().name(), .cadence.name())]
    Cadence {
        /// The series.
        series: String,
        /// The cadence of its first line.
        cadence: Cadence,
        /// The partition of this line.
        partition: Partition,
    },
}

impl FilterError {
    /// The answer to the line with this number, which is invalid input.
    pub fn answer(&self, line: u64) -> String {
        json!({"error": self.to_string(), "line": line}).to_string()
    }
}

#[derive(Deserialize)]
struct Line {
    series: String,
    expect: Option<Partition>,
    partition: Option<Partition>,
    #[serde(default)]
    absent: bool,
    landed_at: Option<Timestamp>,
    #[serde(default)]
    metrics: BTreeMap<String, f64>,
}

/// Judges lines of facts for any number of series, in UTC. Memory grows with the number of series, not of lines. A
/// line with an error changes nothing.
#[derive(Clone, Debug, Default)]
pub struct Judge {
    series: HashMap<String, Series>,
}

impl Judge {
    /// Answers one line.
    ///
    /// # Errors
    /// When the line is not valid input.
    pub fn answer(&mut self, line: &[u8]) -> Result<String, FilterError> {
        let line: Line = serde_json::from_slice(line)?;
        let partition = line.expect.or(line.partition).ok_or(FilterError::Empty)?;
        let metrics: BTreeMap<Metric, f64> = line
            .metrics
            .iter()
            .map(|(name, value)| Ok((name.parse()?, *value)))
            .collect::<Result<_, FilterError>>()?;
        let known = self.series.get(&line.series).map(Series::cadence);
        if let Some(cadence) = known.filter(|known| *known != partition.cadence()) {
            return Err(FilterError::Cadence { series: line.series, cadence, partition });
        }
        let new = || Series::new(partition.cadence(), TimeZone::UTC);
        let series = self.series.entry(line.series).or_insert_with(new);
        if line.expect.is_some() {
            let due = series.due(partition);
            return Ok(json!({"due_at": due.at, "reason": due.reason}).to_string());
        }
        if line.absent {
            series.absent(partition);
            return Ok("{}".to_owned());
        }
        let (landed_at, lesson) = (line.landed_at, Lesson::Judged);
        let verdict = series.judge(&Fact { partition, landed_at, metrics, lesson });
        let expected = verdict.expected.as_ref().map(|band| json!({"low": band.low, "high": band.high}));
        let mut answer = json!({
            "verdict": verdict.level, "metric": verdict.metric, "expected": expected, "reason": verdict.reason(),
        });
        if let (Some(since), Some(fields)) = (verdict.continuing, answer.as_object_mut()) {
            fields.insert("continuing".to_owned(), json!(true));
            fields.insert("since".to_owned(), json!(since));
        }
        Ok(answer.to_string())
    }
}
