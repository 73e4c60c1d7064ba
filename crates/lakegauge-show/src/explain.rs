//! The output of `explain`: what is checked, what is expected, and why.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lakegauge_core::metric::{Metric, Unit};
use lakegauge_core::partition::Partition;
use lakegauge_core::quantity;
use lakegauge_core::verdict::{PartitionReport, Status};

use super::options::{BAD, DOUBT, GOOD, HEADING, Options, PLAIN, QUIET, STRONG};
use super::text::many;
use super::{fit, instant};

/// All that `explain` shows about one dataset and one of its partitions.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The dataset.
    pub dataset: String,
    /// The partition.
    pub partition: Partition,
    /// The dataset's zone.
    pub zone: TimeZone,
    /// What is watched, as pairs of a label and its value: `path`, `cadence`, `calendar`, `owner`.
    pub facts: Vec<(String, String)>,
    /// Each alarm with its limit as text: `TotalFileSize`, `learned`.
    pub alarms: Vec<(Metric, String)>,
    /// When the partition is due.
    pub due: Deadline,
    /// How completeness is detected.
    pub complete: Completeness,
    /// What is expected, by metric.
    pub bands: Vec<ExpectedBand>,
    /// The last verdict, if any.
    pub verdict: Option<(Status, PartitionReport)>,
    /// The requests of the next check.
    pub looks: Vec<Look>,
}

/// By when a partition must have landed.
#[derive(Clone, Debug)]
pub struct Deadline {
    /// The time; `None` if the partition is not expected, or nothing has been learned yet.
    pub at: Option<Timestamp>,
    /// Where it comes from.
    pub reason: String,
    /// The facts that it was learned from.
    pub evidence: Vec<String>,
}

/// The rule by which a partition is complete.
#[derive(Clone, Debug)]
pub struct Completeness {
    /// The rule: `_SUCCESS`, `quiet 10m`.
    pub rule: String,
    /// Where it comes from.
    pub evidence: String,
}

/// What history or the config expects of one metric.
#[derive(Clone, Debug)]
pub struct ExpectedBand {
    /// The metric.
    pub metric: Metric,
    /// The lowest value that passes.
    pub low: Option<f64>,
    /// The highest value that passes.
    pub high: Option<f64>,
    /// Where the band comes from, or why there is none.
    pub reason: String,
    /// The partitions that it was learned from, with their values.
    pub days: Vec<(Partition, f64)>,
    /// With a short history: the number of forecasts that its width comes from, and the share by which it is wider.
    pub young: Option<(usize, f64)>,
}

/// One place that a check lists.
#[derive(Clone, Debug)]
pub struct Look {
    /// The prefix or the place.
    pub place: String,
    /// The expected number of list requests.
    pub requests: u64,
}

/// How many days of a band are shown.
const DAYS: usize = 8;

/// What is checked, when it is due, what is expected and from which days, and the last verdict, as text.
pub fn text(explanation: &Explanation, options: &Options) -> String {
    let e = explanation;
    let mut out = Sheet { options: *options, text: String::new() };
    out.line(&format!("{} {}", options.paint(STRONG, &e.dataset), e.partition));
    out.heading("what is checked");
    for (word, fact) in &e.facts {
        out.fact(word, fact);
    }
    for (metric, limit) in &e.alarms {
        out.fact(metric.name(), limit);
    }
    out.heading("when it is due");
    let at = e.due.at.map_or_else(|| "no deadline".to_owned(), |at| instant::full(at, &e.zone));
    out.fact("deadline", &at);
    out.fact("because", &e.due.reason);
    for evidence in &e.due.evidence {
        out.fact("", evidence);
    }
    out.heading("how completeness is detected");
    out.fact("rule", &e.complete.rule);
    out.fact("because", &e.complete.evidence);
    out.heading("what is expected");
    if e.bands.is_empty() {
        out.fact("", "nothing yet");
    }
    for band in &e.bands {
        out.band(band);
    }
    out.heading("last verdict");
    out.verdict(e);
    out.heading("requests of the next check");
    let requests = e.looks.iter().map(|look| look.requests).sum();
    out.fact("in all", &many(requests, "list request"));
    for look in &e.looks {
        out.fact("", &look.place);
    }
    out.text
}

struct Sheet {
    options: Options,
    text: String,
}

/// The width of the labels.
const WORDS: usize = 16;

impl Sheet {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn heading(&mut self, heading: &str) {
        let heading = self.options.paint(HEADING, heading).into_owned();
        self.line("");
        self.line(&heading);
    }

    fn fact(&mut self, word: &str, fact: &str) {
        self.painted(PLAIN, word, fact);
    }

    /// A fact after its label, wrapped; the fact in `style`.
    fn painted(&mut self, style: anstyle::Style, word: &str, fact: &str) {
        let first = format!("  {} ", fit::left(word, WORDS));
        let depth = fit::width(&first);
        for (i, line) in fit::wrap(fact, self.options.width.saturating_sub(depth).max(20)).iter().enumerate()
        {
            let before =
                if i == 0 { self.options.paint(QUIET, &first).into_owned() } else { " ".repeat(depth) };
            let line = format!("{before}{}", self.options.paint(style, &line.replace('\u{a0}', " ")));
            self.line(&line);
        }
    }

    fn band(&mut self, band: &ExpectedBand) {
        let unit = band.metric.unit();
        let edges = edges(band.low, band.high, unit, &self.options);
        let Some(edges) = edges else { return self.fact(band.metric.name(), &band.reason) };
        self.fact(band.metric.name(), &edges);
        self.fact("", &band.reason);
        if let Some((n, share)) = band.young {
            let wider = quantity::percent(share);
            self.fact("", &format!("short history ({n} partitions): band {wider} wider"));
        }
        let newest: Vec<String> = band
            .days
            .iter()
            .rev()
            .take(DAYS)
            .map(|(p, value)| format!("{p}\u{a0}{}", quantity::format(*value, unit).replace(' ', "\u{a0}")))
            .collect();
        if newest.is_empty() {
            return;
        }
        let more = band.days.len().saturating_sub(DAYS);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        self.painted(QUIET, "", &format!("{}{more}", newest.join(", ")));
    }

    fn verdict(&mut self, e: &Explanation) {
        let Some((status, partition)) = &e.verdict else { return self.fact("", "none yet") };
        let (word, style) = match status {
            Status::Ok => ("healthy", GOOD),
            Status::Alarm => ("in alarm", BAD),
            Status::Unknown => ("not seen", DOUBT),
        };
        let landed = partition.landed_at.map(|at| format!(" {}", instant::full(at, &e.zone)));
        let state =
            format!("{} {}{}", partition.partition, partition.state.name(), landed.unwrap_or_default());
        self.painted(style, "status", word);
        self.fact("partition", &state);
        if let Some(mark) = &partition.mark {
            self.fact("your verdict", &mark.in_words(&e.zone));
        }
        for alarm in &partition.alarms {
            self.fact(alarm.metric.name(), &format!("{}: {}", alarm.state, alarm.reason));
        }
    }
}

/// `1.9 GB – 2.3 GB`, `at least 3`, `at most 7`.
fn edges(low: Option<f64>, high: Option<f64>, unit: Unit, options: &Options) -> Option<String> {
    let text = |value| quantity::format(value, unit);
    match (low, high) {
        (Some(low), Some(high)) if low == high => Some(text(low)),
        (Some(low), Some(high)) => Some(format!("{} {} {}", text(low), options.nothing(), text(high))),
        (Some(low), None) => Some(format!("at least {}", text(low))),
        (None, Some(high)) => Some(format!("at most {}", text(high))),
        (None, None) => None,
    }
}
