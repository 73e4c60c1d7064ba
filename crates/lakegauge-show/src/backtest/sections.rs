//! The parts of the page: totals, incidents, and each dataset with its charts and its alarms.

use std::fmt::Write as _;

use lakegauge_chart::escape;
use lakegauge_core::alarm::Severity;
use lakegauge_core::metric::Metric;
use lakegauge_replay::{AlarmResult, DatasetResult, Firing, Outcome};

use super::chart::Chart;
use super::found::fired;
use super::{Found, words};
use crate::text::many;

/// A table of the totals of each config.
pub(super) fn totals(out: &mut String, found: &Found) {
    out.push_str("<div class=\"wide\"><table class=\"totals\">\n<thead><tr><th scope=\"col\">config</th>");
    let incidents = !found.backtest.incidents.is_empty();
    let mut heads =
        vec!["partitions judged", "alarms", "partitions in alarm", "per dataset per month", "notices"];
    heads.extend(found.is_double().then_some("only here"));
    heads.extend(incidents.then_some("incidents caught"));
    for head in heads {
        let _ = write!(out, "<th scope=\"col\" class=\"n\">{head}</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for (n, total) in found.backtest.configs.iter().enumerate() {
        let letter =
            if found.is_double() { format!("{} {} ", key(n), words::letter(n)) } else { String::new() };
        let _ = write!(out, "<tr><th scope=\"row\">{letter}{}</th>", escape(&total.config));
        let mut cells = vec![
            total.judged.to_string(),
            total.fired.to_string(),
            total.partitions.to_string(),
            words::rate(total.per_dataset_month),
            total.notices.to_string(),
        ];
        cells.extend(total.alone.map(|alone| alone.to_string()));
        cells.extend(incidents.then(|| format!("{} of {}", total.caught, total.caught + total.missed)));
        for cell in cells {
            let _ = write!(out, "<td class=\"n\">{cell}</td>");
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
}

/// The mark of a config, for a legend.
fn key(config: usize) -> &'static str {
    match config {
        0 => "<span class=\"key c0\" aria-hidden=\"true\">▲</span>",
        _ => "<span class=\"key c1\" aria-hidden=\"true\">◇</span>",
    }
}

/// The incidents that the user remembers.
pub(super) fn incidents(out: &mut String, found: &Found) {
    if found.backtest.incidents.is_empty() {
        return;
    }
    out.push_str(
        "<h2>Incidents</h2>\n<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">incident</th>",
    );
    for n in 0..found.backtest.configs.len() {
        let head = if found.is_double() { words::letter(n) } else { "outcome" };
        let _ = write!(out, "<th scope=\"col\">{head}</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for result in &found.backtest.incidents {
        let incident = &result.incident;
        let to = if incident.to == incident.from { String::new() } else { format!(" to {}", incident.to) };
        let (name, why) = (escape(&incident.dataset), escape(&incident.why));
        let _ =
            write!(out, "<tr><th scope=\"row\">{name} {}{to}<br><small>{why}</small></th>", incident.from);
        for outcome in &result.outcomes {
            let (word, detail) = words::outcome(outcome, &found.zone(&incident.dataset));
            let (sign, class) = match outcome {
                Outcome::Caught { .. } => ("✓", "good"),
                Outcome::Missed | Outcome::Noticed { .. } => ("✗", "bad"),
                Outcome::NotReplayed { .. } => ("–", "quiet"),
            };
            let detail = escape(&detail);
            let _ = write!(
                out,
                "<td><strong class=\"{class}\">{sign} {word}</strong><br><small>{detail}</small></td>"
            );
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
}

/// How many datasets with alarms are open; the others are folded.
const OPEN: usize = 10;

/// Every dataset: the ones with most alarms in full, the others folded.
pub(super) fn datasets(out: &mut String, found: &Found) {
    let (loud, quiet) = found.loud_and_quiet();
    let (open, folded) = loud.split_at(loud.len().min(OPEN));
    for dataset in open {
        let _ = writeln!(out, "<section>\n<h2>{}</h2>", escape(&dataset.dataset));
        charts(out, found, dataset);
        firings(out, found, dataset);
        out.push_str("</section>\n");
    }
    if !folded.is_empty() {
        out.push_str("<h2>Fewer would have fired</h2>\n");
    }
    for dataset in folded {
        let name = escape(&dataset.dataset);
        let alarms = many(fired(dataset) as u64, "alarm");
        let _ = writeln!(out, "<details>\n<summary>{name} <small>{alarms}</small></summary>");
        charts(out, found, dataset);
        firings(out, found, dataset);
        out.push_str("</details>\n");
    }
    if quiet.is_empty() {
        return;
    }
    out.push_str("<h2>Nothing would have fired</h2>\n");
    for dataset in quiet {
        let judged = dataset.configs.iter().flatten().map(|run| run.judged).max().unwrap_or(0);
        let name = escape(&dataset.dataset);
        let _ =
            writeln!(out, "<details>\n<summary>{name} <small>{judged} partitions judged</small></summary>");
        charts(out, found, dataset);
        out.push_str("</details>\n");
    }
}

/// The size, and every other volume that fired.
fn charts(out: &mut String, found: &Found, dataset: &DatasetResult) {
    let zone = found.zone(&dataset.dataset);
    for metric in Metric::ALL.iter().copied().filter(|metric| metric.is_of_content()) {
        let alarms: Vec<(usize, &AlarmResult)> = dataset
            .configs
            .iter()
            .enumerate()
            .flat_map(|(n, run)| {
                run.iter().flat_map(move |run| run.alarms.iter().map(move |alarm| (n, alarm)))
            })
            .filter(|(_, alarm)| alarm.metric == metric)
            .collect();
        let speaks = metric == Metric::TotalFileSize || alarms.iter().any(|(_, alarm)| alarm.fired > 0);
        if !speaks {
            continue;
        }
        let svg = Chart { dataset: &dataset.dataset, metric, alarms, zone: &zone, span: found.span() }.svg();
        if !svg.is_empty() {
            let _ = writeln!(out, "<figure>\n<figcaption>{metric}</figcaption>\n{svg}</figure>");
        }
    }
}

/// How many alarms of a dataset are open, and listed at all.
const LISTED: usize = 10;
const LISTED_AT_MOST: usize = 100;

/// The alarms of a dataset, newest first: some open, more folded, the rest only in the JSON.
fn firings(out: &mut String, found: &Found, dataset: &DatasetResult) {
    let mut all: Vec<(usize, &AlarmResult, &Firing)> = dataset
        .configs
        .iter()
        .enumerate()
        .flat_map(|(n, run)| run.iter().flat_map(move |run| run.alarms.iter().map(move |alarm| (n, alarm))))
        .flat_map(|(n, alarm)| alarm.firings.iter().map(move |firing| (n, alarm, firing)))
        .collect();
    all.sort_by_key(|(n, _, firing)| (std::cmp::Reverse(firing.at), *n));
    let told = all.len().min(LISTED_AT_MOST);
    let (listed, left_out) = all.split_at(told);
    // Folding one or two would take as much space as it saves.
    let open = if told <= LISTED + 2 { told } else { LISTED };
    let (open, folded) = listed.split_at(open);
    list(out, found, dataset, open);
    if !folded.is_empty() {
        let _ = writeln!(out, "<details>\n<summary>{} more</summary>", folded.len());
        list(out, found, dataset, folded);
        if !left_out.is_empty() {
            let _ = writeln!(
                out,
                "<p class=\"quiet\">And {} older ones: see <code>--format json</code>.</p>",
                left_out.len()
            );
        }
        out.push_str("</details>\n");
    }
}

fn list(
    out: &mut String,
    found: &Found,
    dataset: &DatasetResult,
    firings: &[(usize, &AlarmResult, &Firing)],
) {
    let zone = found.zone(&dataset.dataset);
    out.push_str("<ul class=\"firings\">\n");
    for (n, alarm, firing) in firings {
        let letter = if found.is_double() {
            format!("{} {} ", key(*n), words::letter(*n))
        } else {
            format!("{} ", key(*n))
        };
        let alone = if firing.shared == Some(false) { " · only here" } else { "" };
        let severity = if alarm.severity == Severity::Critical { "critical" } else { "warning" };
        let (when, reason) = (escape(&words::when(firing, &zone)), escape(&firing.reason));
        let _ = writeln!(
            out,
            "<li>{letter}<strong>{}</strong> {} <small>{severity}{alone}</small><br>{reason}<br><small>{when}</small></li>",
            firing.partition, alarm.metric
        );
    }
    out.push_str("</ul>\n");
}
