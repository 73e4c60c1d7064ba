//! The digest: recent events, by dataset.

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::digest::{Digest, Drift, Event, EventKind};
use lakegauge_core::metric::Metric;
use lakegauge_core::quantity;
use serde_json::json;

use super::document;
use super::fit;
use super::options::{BAD, DOUBT, GOOD, Options, PLAIN, QUIET, STRONG};
use super::text::many;

/// The events of several datasets.
#[derive(Clone, Debug)]
pub struct Week {
    /// The end of the time span.
    pub now: Timestamp,
    /// Its length in days.
    pub days: u32,
    /// In the order of the config.
    pub datasets: Vec<Digest>,
    /// Datasets about which nothing is known, and why.
    pub unseen: Vec<(String, String)>,
}

/// The JSON Schema of [`json()`]'s output (draft 2020-12), as published.
pub const DIGEST_SCHEMA: &str = include_str!("../schema/digest.schema.json");

const INDENT: &str = "    ";

/// One indented JSON object, with a line break at the end.
pub fn json(week: &Week) -> String {
    let unseen = |(dataset, reason): &(String, String)| json!({"dataset": dataset, "reason": reason});
    let unseen: Vec<_> = week.unseen.iter().map(unseen).collect();
    document(&json!({
        "version": 1, "now": week.now, "days": week.days, "datasets": week.datasets, "unseen": unseen,
    }))
}

/// A paragraph for each dataset with something to report, and one line for all others.
pub fn text(week: &Week, options: &Options) -> String {
    let since = week.now.checked_sub(SignedDuration::from_hours(24 * i64::from(week.days)));
    let since = since.unwrap_or(Timestamp::MIN);
    let day = |at: Timestamp| at.strftime("%a %-d %b %Y").to_string();
    let mut out = format!(
        "{}\n",
        options.strong(&format!(
            "{} from {} to {}",
            many(week.datasets.len() as u64, "dataset"),
            day(since),
            day(week.now)
        ))
    );
    let told = |digest: &&Digest| digest.drift.is_some() || !digest.events.is_empty();
    for digest in week.datasets.iter().filter(told) {
        let judged = many(digest.judged as u64, "partition");
        out.push_str(&format!(
            "\n{} {}\n",
            options.paint(STRONG, &digest.dataset),
            options.paint(QUIET, &judged)
        ));
        if let Some(drift) = &digest.drift {
            out.push_str(&line("drift", DOUBT, &drifted(drift), options));
        }
        for event in &digest.events {
            out.push_str(&of_event(event, options));
        }
    }
    for (dataset, reason) in &week.unseen {
        out.push_str(&format!("\n{}\n", options.paint(STRONG, dataset)));
        out.push_str(&line("not seen", DOUBT, reason, options));
    }
    let unseen = |digest: &Digest| week.unseen.iter().any(|(dataset, _)| *dataset == digest.dataset);
    let quiet: Vec<&str> = week
        .datasets
        .iter()
        .filter(|d| !told(d) && !unseen(d))
        .map(|digest| digest.dataset.as_str())
        .collect();
    if !quiet.is_empty() {
        out.push('\n');
        let lines = fit::hang("nothing to report: ", &quiet.join(", "), options.width);
        lines.iter().for_each(|line| out.push_str(&format!("{}\n", options.paint(QUIET, line))));
    }
    options.spelled(out)
}

fn of_event(event: &Event, options: &Options) -> String {
    let (word, style) = match event.kind {
        EventKind::Late => ("late", BAD),
        EventKind::Alarm => ("alarm", BAD),
        EventKind::NewLevel => ("new level", DOUBT),
        EventKind::Notice => ("notice", DOUBT),
        EventKind::Said => ("verdict", GOOD),
    };
    let metric = match (event.kind, event.metric) {
        (EventKind::Late | EventKind::Said, _) | (_, None) => String::new(),
        (_, Some(metric)) => format!(" {metric}:"),
    };
    line(word, style, &format!("{}{metric} {}", event.partition, event.reason), options)
}

/// The width of the words before the sentences.
const WORDS: usize = 10;

fn line(word: &str, style: anstyle::Style, sentence: &str, options: &Options) -> String {
    let first = format!("{INDENT}{}", fit::left(word, WORDS));
    let lines = fit::hang(&first, sentence, options.width);
    let mut out = String::new();
    for (i, line) in lines.iter().enumerate() {
        match line.strip_prefix(&first).filter(|_| i == 0) {
            Some(rest) => {
                out.push_str(&format!("{}{}\n", options.paint(style, &first), options.paint(PLAIN, rest)))
            }
            None => out.push_str(&format!("{line}\n")),
        }
    }
    out
}

/// `TotalFileSize grows by 12 % in 28 partitions: 310 kB in the middle before, 347 kB since`.
fn drifted(drift: &Drift) -> String {
    let unit = Metric::TotalFileSize.unit();
    let way = if drift.change > 0.0 { "grows" } else { "shrinks" };
    format!(
        "{} {way} by {} in {} periods: median {} before, {} since",
        Metric::TotalFileSize,
        quantity::percent(drift.change.abs()),
        drift.over,
        quantity::format(drift.before, unit),
        quantity::format(drift.after, unit)
    )
}
