//! The detector as a filter: one JSON object a line in, one a line out.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::json;

use super::fact::{Fact, Lesson};
use super::series::Series;
use crate::metric::Metric;
use crate::partition::Partition;

/// A line that cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum FilterError {
    /// It is not a JSON object of the protocol.
    #[error("not a question of the protocol: {0}")]
    Malformed(#[from] serde_json::Error),
    /// It asks nothing.
    #[error("a question has `expect` or `partition`")]
    Empty,
    /// A metric that is not known.
    #[error(transparent)]
    Metric(#[from] crate::metric::UnknownMetric),
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

/// Judges lines of facts about any number of series, in UTC. Memory grows with the number of series, not of lines.
#[derive(Clone, Debug, Default)]
pub struct Judge {
    series: HashMap<String, Series>,
}

impl Judge {
    /// Answers one line.
    ///
    /// # Errors
    /// When the line is not of the protocol.
    pub fn answer(&mut self, line: &str) -> Result<String, FilterError> {
        let line: Line = serde_json::from_str(line)?;
        let partition = line.expect.or(line.partition).ok_or(FilterError::Empty)?;
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
        let mut metrics = BTreeMap::new();
        for (name, value) in line.metrics {
            metrics.insert(name.parse::<Metric>()?, value);
        }
        let (landed_at, lesson) = (line.landed_at, Lesson::Judged);
        let verdict = series.judge(&Fact { partition, landed_at, metrics, lesson });
        let expected = verdict.expected.map(|band| json!({"low": band.low, "high": band.high}));
        let mut answer = json!({
            "verdict": verdict.level, "metric": verdict.metric, "expected": expected, "reason": verdict.reason,
        });
        if let (Some(since), Some(fields)) = (verdict.continuing, answer.as_object_mut()) {
            fields.insert("continuing".to_owned(), json!(true));
            fields.insert("since".to_owned(), json!(since));
        }
        Ok(answer.to_string())
    }
}
