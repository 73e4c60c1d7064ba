//! The findings for a terminal.

use std::fmt::Write as _;

use lakegauge_core::alarm::Severity;
use lakegauge_core::foreign::visible;
use lakegauge_core::metric::Metric;
use lakegauge_replay::{AlarmResult, DatasetResult, Firing, Outcome, RunResult};

use super::{Found, words};
use crate::fit;
use crate::options::{BAD, DOUBT, GOOD, HEADING, Options, PLAIN, QUIET, STRONG};
use crate::text::many;

/// How many of the newest firings of each alarm are shown in full.
const TOLD: usize = 5;
/// The space between two columns.
const GUTTER: &str = "  ";
/// Minimum width of a dataset's name.
const NAME_AT_LEAST: usize = 10;

/// The whole output: one line per alarm that fired, with the evidence below it, incidents, and the limits of a
/// replay.
pub fn text(found: &Found, options: &Options) -> String {
    let mut out = format!("{}\n\n", options.paint(HEADING, &format!("Replayed {}", words::window(found))));
    if found.is_double() {
        for (n, total) in found.backtest.configs.iter().enumerate() {
            let _ = writeln!(out, "{} {}", options.strong(words::letter(n)), visible(&total.config));
        }
        out.push('\n');
    }
    table(&mut out, found, options);
    for dataset in &found.backtest.datasets {
        firings(&mut out, found, dataset, options);
    }
    incidents(&mut out, found, options);
    out.push_str(&format!("\n{}\n", options.paint(HEADING, "What a replay cannot know")));
    for said in &found.backtest.unknowable {
        fit::hang("- ", said, options.width).iter().for_each(|line| out.push_str(&format!("{line}\n")));
    }
    out.push('\n');
    out.push_str(&summary(found, options));
    options.spelled(out)
}

/// The totals of each config.
pub fn summary(found: &Found, options: &Options) -> String {
    let mut out = String::new();
    for (n, total) in found.backtest.configs.iter().enumerate() {
        let letter = if found.is_double() { format!("{} ", words::letter(n)) } else { String::new() };
        let judged = many(total.judged as u64, "partition");
        let text = format!("{} judged: {}", judged, words::total(total));
        fit::hang(&letter, &text, options.width).iter().for_each(|line| out.push_str(&format!("{line}\n")));
    }
    options.spelled(out)
}

/// One alarm of one dataset under every config.
struct Row<'a> {
    dataset: &'a str,
    metric: Metric,
    results: Vec<Option<&'a AlarmResult>>,
}

impl Row<'_> {
    fn speaks(&self) -> bool {
        self.results.iter().flatten().any(|alarm| alarm.fired + alarm.notices > 0)
    }

    fn cells(&self) -> Vec<[String; 4]> {
        let cell = |alarm: &Option<&AlarmResult>| match alarm {
            None => [const { String::new() }; 4],
            Some(alarm) => {
                let notices = if alarm.notices > 0 { alarm.notices.to_string() } else { String::new() };
                [alarm.fired.to_string(), words::rate(alarm.per_month), words::lasted(alarm), notices]
            }
        };
        self.results.iter().map(cell).collect()
    }
}

/// The alarms of a dataset by metric, in the order of the configs.
fn rows<'a>(dataset: &'a DatasetResult) -> Vec<Row<'a>> {
    let mut metrics: Vec<Metric> = Vec::new();
    for alarm in dataset.configs.iter().flatten().flat_map(|run| &run.alarms) {
        if !metrics.contains(&alarm.metric) {
            metrics.push(alarm.metric);
        }
    }
    let row = |metric: Metric| {
        let find =
            |run: &'a Option<RunResult>| run.as_ref()?.alarms.iter().find(|alarm| alarm.metric == metric);
        let results = dataset.configs.iter().map(find).collect();
        Row { dataset: &dataset.dataset, metric, results }
    };
    metrics.into_iter().map(row).collect()
}

const HEADS: [&str; 4] = ["fired", "per month", "cleared after", "notices"];

fn table(out: &mut String, found: &Found, options: &Options) {
    let all: Vec<Row<'_>> = found.backtest.datasets.iter().flat_map(rows).collect();
    let speaking: Vec<&Row<'_>> = all.iter().filter(|row| row.speaks()).collect();
    let silent: Vec<&str> = found
        .backtest
        .datasets
        .iter()
        .map(|dataset| dataset.dataset.as_str())
        .filter(|name| !speaking.iter().any(|row| row.dataset == *name))
        .collect();
    if !speaking.is_empty() {
        lines(out, &speaking, found.backtest.configs.len(), options);
    }
    if !silent.is_empty() {
        let first = format!("no alarms ({}): ", many(silent.len() as u64, "dataset"));
        for line in fit::hang(&first, &silent.join(", "), options.width) {
            let _ = writeln!(out, "{}", options.paint(QUIET, &line));
        }
    }
}

fn lines(out: &mut String, rows: &[&Row<'_>], configs: usize, options: &Options) {
    let heads = |config: usize| -> [String; 4] {
        let letter = if configs > 1 { format!("{} ", words::letter(config)) } else { String::new() };
        HEADS.map(|head| format!("{letter}{head}"))
    };
    let cells: Vec<Vec<[String; 4]>> = rows.iter().map(|row| row.cells()).collect();
    let wide = |config: usize, column: usize| {
        let values = cells.iter().filter_map(|row| row.get(config)?.get(column)).map(|cell| fit::width(cell));
        let head = heads(config).get(column).map_or(0, |head| fit::width(head));
        values.max().unwrap_or(0).max(head)
    };
    let metric = rows.iter().map(|row| row.metric.name().len()).max().unwrap_or(0);
    let names = rows.iter().map(|row| fit::width(row.dataset)).max().unwrap_or(0).max("dataset".len());
    let needs = |columns: &[usize]| -> usize {
        let all = (0..configs).flat_map(|config| columns.iter().map(move |column| (config, *column)));
        all.map(|(config, column)| wide(config, column) + GUTTER.len()).sum()
    };
    // What is shortened first: notices, then the duration, the rate, and the middle of long names.
    let choices: [&[usize]; 3] = [&[0, 1, 2, 3], &[0, 1, 2], &[0, 1]];
    let room = |columns: &[usize]| options.width.saturating_sub(metric + GUTTER.len() + needs(columns));
    let fits = |columns: &&&[usize]| room(columns) >= names;
    let columns = choices.iter().find(fits).copied().unwrap_or(if room(&[0, 1]) >= NAME_AT_LEAST {
        &[0, 1]
    } else {
        &[0]
    });
    let name = names.min(room(columns).max(NAME_AT_LEAST));
    let line = |dataset: &str, metric_name: &str, values: &[[String; 4]]| {
        let short = fit::shorten(dataset, name, options.either("…", "..."));
        let mut line = format!("{}{GUTTER}{}", fit::left(&short, name), fit::left(metric_name, metric));
        for (config, cells) in values.iter().enumerate() {
            for column in columns {
                let cell = cells.get(*column).map_or("", String::as_str);
                line.push_str(GUTTER);
                line.push_str(&fit::right(cell, wide(config, *column)));
            }
        }
        line.trim_end().to_owned()
    };
    let heading: Vec<[String; 4]> = (0..configs).map(heads).collect();
    let _ = writeln!(out, "{}", options.paint(QUIET, &line("dataset", "alarm", &heading)));
    let mut before = "";
    for (row, cells) in rows.iter().zip(&cells) {
        let dataset = if row.dataset == before { "" } else { row.dataset };
        before = row.dataset;
        let _ = writeln!(out, "{}", line(dataset, row.metric.name(), cells));
    }
}

fn firings(out: &mut String, found: &Found, dataset: &DatasetResult, options: &Options) {
    let zone = found.zone(&dataset.dataset);
    let mut headed = false;
    for row in rows(dataset) {
        let mut told: Vec<(usize, &AlarmResult, &Firing)> = Vec::new();
        for (n, alarm) in row.results.iter().enumerate().filter_map(|(n, alarm)| Some((n, (*alarm)?))) {
            // A firing of both configs is shown once.
            let new = |f: &&Firing| !told.iter().any(|(_, _, known)| known.partition == f.partition);
            let more: Vec<_> = alarm.firings.iter().filter(new).map(|firing| (n, alarm, firing)).collect();
            told.extend(more);
        }
        let Some((_, alarm, _)) = told.first() else { continue };
        if !headed {
            let _ = writeln!(out, "\n{}", options.strong(&dataset.dataset));
            headed = true;
        }
        let style = if alarm.severity == Severity::Critical { BAD } else { DOUBT };
        let _ = writeln!(out, "  {}", options.paint(style, alarm.metric.name()));
        told.sort_by_key(|(_, _, firing)| std::cmp::Reverse(firing.at));
        for (n, _, firing) in told.iter().take(TOLD) {
            let when = format!("{}{}", words::when(firing, &zone), said_by(*n, firing, &row.results));
            one(out, firing, &when, options);
        }
        if told.len() > TOLD {
            let more = format!("    and {} more: see --format json", told.len() - TOLD);
            let _ = writeln!(out, "{}", options.paint(QUIET, &more));
        }
    }
}

/// Which of two configs it is from.
fn said_by(config: usize, firing: &Firing, results: &[Option<&AlarmResult>]) -> String {
    let fires = |alarm: &&AlarmResult| alarm.firings.iter().any(|f| f.partition == firing.partition);
    match (results.len(), results.iter().flatten().filter(|alarm| fires(alarm)).count()) {
        (..2, _) => String::new(),
        (_, 2..) => " · A and B".to_owned(),
        _ => format!(" · {} only", words::letter(config)),
    }
}

fn one(out: &mut String, firing: &Firing, when: &str, options: &Options) {
    let first = format!("    {}  ", firing.partition);
    for line in fit::hang(&first, when, options.width) {
        let _ = writeln!(out, "{}", options.paint(PLAIN, &line));
    }
    for line in fit::hang("      ", &firing.reason, options.width) {
        let _ = writeln!(out, "{}", options.paint(QUIET, &line));
    }
}

fn incidents(out: &mut String, found: &Found, options: &Options) {
    if found.backtest.incidents.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", options.paint(HEADING, "Incidents"));
    for result in &found.backtest.incidents {
        let incident = &result.incident;
        let to = if incident.to == incident.from { String::new() } else { format!(" to {}", incident.to) };
        let why = if incident.why.is_empty() { String::new() } else { format!(": {}", incident.why) };
        let head = format!("{} {}{to}{why}", incident.dataset, incident.from);
        fit::hang("", &head, options.width).iter().for_each(|line| out.push_str(&format!("{line}\n")));
        for (n, outcome) in result.outcomes.iter().enumerate() {
            let (word, detail) = words::outcome(outcome, &found.zone(&incident.dataset));
            let style = match outcome {
                Outcome::Caught { .. } => GOOD,
                Outcome::Missed | Outcome::Noticed { .. } => BAD,
                Outcome::NotReplayed { .. } => STRONG,
            };
            let letter = if found.is_double() { format!("{} ", words::letter(n)) } else { String::new() };
            let first = format!("  {letter}{word}: ");
            for (i, line) in fit::hang(&first, &detail, options.width).iter().enumerate() {
                let painted = line.replacen(word, &options.paint(style, word), usize::from(i == 0));
                let _ = writeln!(out, "{painted}");
            }
        }
    }
}
