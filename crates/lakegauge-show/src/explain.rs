//! The output of `explain`: what is checked, what is expected, and why.

use lakegauge_config::{Meaning, meanings, rule_in_words};
use lakegauge_core::alarm::{Bounds, Limit, Rule};
use lakegauge_core::baseline::Derivation;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::explanation::{Expected, Explanation, Why};
use lakegauge_core::metric::Unit;
use lakegauge_core::quantity;
use lakegauge_core::verdict::Status;

use super::options::{BAD, DOUBT, GOOD, HEADING, Options, PLAIN, QUIET, STRONG};
use super::text::many;
use super::{fit, instant};

/// All that `explain` shows about one dataset and one of its partitions.
#[derive(Clone, Copy, Debug)]
pub struct Explained<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// One of its partitions.
    pub explanation: &'a Explanation<'a>,
    /// The requests of the next check.
    pub looks: &'a [Look],
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
pub fn text(explained: &Explained<'_>, options: &Options) -> String {
    let Explained { dataset, explanation, looks } = *explained;
    let mut out = Sheet { options: *options, text: String::new() };
    out.line(&format!("{} {}", options.paint(STRONG, &dataset.name), explanation.partition));
    out.heading("what is checked");
    for (word, fact) in facts(dataset) {
        out.fact(&word, &fact);
    }
    for rule in dataset.rules.iter() {
        out.fact(rule.metric.name(), &rule_in_words(rule));
    }
    out.heading("when it is due");
    let due = &explanation.due;
    let at = due.at.map_or_else(|| "no deadline".to_owned(), |at| instant::full(at, &dataset.zone));
    out.fact("deadline", &at);
    out.fact("because", &due.reason);
    for landing in landings(explained) {
        out.fact("", &landing);
    }
    out.heading("how completeness is detected");
    out.fact("rule", &explanation.completion.waits_for());
    out.fact("because", &explanation.completion.evidence);
    out.heading("what is expected");
    if explanation.expected.is_empty() {
        out.fact("", "nothing yet");
    }
    for expected in &explanation.expected {
        out.expected(expected);
    }
    out.heading("last verdict");
    out.verdict(explained);
    out.heading("requests of the next check");
    let requests = looks.iter().map(|look| look.requests).sum();
    out.fact("in all", &many(requests, "list request"));
    for look in looks {
        out.fact("", &look.place);
    }
    out.text
}

/// Every key of the config that affects the dataset, except its alarms, which have their own section; the cadence comes
/// after the path, from which it follows.
fn facts(dataset: &Dataset) -> Vec<(String, String)> {
    let own = meanings(dataset).into_iter().filter(|meaning| !meaning.key.starts_with("alarms."));
    let mut facts: Vec<(String, String)> = own.map(|Meaning { key, value }| (key, value)).collect();
    facts.insert(facts.len().min(1), ("cadence".to_owned(), dataset.layout.cadence().name().to_owned()));
    facts
}

/// The landings that a deadline was learned from, one line each.
pub(super) fn landings(explained: &Explained<'_>) -> Vec<String> {
    let Explained { dataset, explanation, .. } = explained;
    let landed = explanation.due.landings.iter().map(|(partition, at)| {
        let at = at.to_zoned(dataset.zone.clone());
        format!("{partition} landed {}", at.strftime("%a %-d %b %H:%M %Z"))
    });
    landed.collect()
}

/// Where bounds come from, or why there are none.
pub(super) fn reason(why: &Why) -> String {
    match why {
        Why::Learned(source) => source.clone(),
        Why::NotYet { known, needed } => {
            format!("nothing yet: {known} partitions landed before it, {needed} are needed")
        }
        Why::Set(Rule { limit: Limit::Fixed(_), .. }) => "set in the config".to_owned(),
        Why::Set(rule) => format!("{}, set in the config", rule_in_words(rule)),
    }
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

    fn expected(&mut self, expected: &Expected) {
        let (name, unit) = (expected.metric.name(), expected.metric.unit());
        let reason = reason(&expected.why);
        let Some(edges) = edges(expected.bounds, unit, &self.options) else {
            return self.fact(name, &reason);
        };
        self.fact(name, &edges);
        self.fact("", &reason);
        if let Some((n, share)) = expected.young {
            let wider = quantity::percent(share);
            self.fact("", &format!("short history ({n} partitions): band {wider} wider"));
        }
        if let Some((less, more)) = expected.derivation.as_ref().and_then(last_day) {
            let (less, more) = (quantity::percent(less), quantity::percent(more));
            self.fact(
                "",
                &format!("all of the last 24 hours: in alarm if most are {less} less or {more} more"),
            );
        }
        let newest: Vec<String> = expected
            .days
            .iter()
            .rev()
            .take(DAYS)
            .map(|(p, value)| format!("{p}\u{a0}{}", quantity::format(*value, unit).replace(' ', "\u{a0}")))
            .collect();
        if newest.is_empty() {
            return;
        }
        let more = expected.days.len().saturating_sub(DAYS);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        self.painted(QUIET, "", &format!("{}{more}", newest.join(", ")));
    }

    fn verdict(&mut self, explained: &Explained<'_>) {
        let Explained { dataset: Dataset { zone, .. }, explanation, .. } = explained;
        let report = explanation.report;
        let mut reported = report.partitions.iter();
        let Some(partition) = reported.find(|report| report.partition == explanation.partition) else {
            return self.fact("", "none yet");
        };
        let (word, style) = match report.status {
            Status::Ok => ("healthy", GOOD),
            Status::Alarm => ("in alarm", BAD),
            Status::Unknown => ("not seen", DOUBT),
        };
        let landed = partition.landed_at.map(|at| format!(" {}", instant::full(at, zone)));
        let state =
            format!("{} {}{}", partition.partition, partition.state.name(), landed.unwrap_or_default());
        self.painted(style, "status", word);
        self.fact("partition", &state);
        if let Some(mark) = &partition.mark {
            self.fact("your verdict", &mark.in_words(zone));
        }
        for alarm in &partition.alarms {
            self.fact(alarm.metric.name(), &format!("{}: {}", alarm.state, alarm.reason));
        }
    }
}

/// For hourly data, the shares by which most hours of a day may be below and above their usual values.
fn last_day(derivation: &Derivation) -> Option<(f64, f64)> {
    let day = derivation.last_day.as_ref()?;
    Some((1.0 - (-day.low_limit?).exp(), day.high_limit?.exp() - 1.0))
}

/// `1.9 GB – 2.3 GB`, `at least 3`, `at most 7`.
fn edges(bounds: Bounds, unit: Unit, options: &Options) -> Option<String> {
    let text = |value| quantity::format(value, unit);
    match (bounds.low, bounds.high) {
        (Some(low), Some(high)) if low == high => Some(text(low)),
        (Some(low), Some(high)) => Some(format!("{} {} {}", text(low), options.nothing(), text(high))),
        (Some(low), None) => Some(format!("at least {}", text(low))),
        (None, Some(high)) => Some(format!("at most {}", text(high))),
        (None, None) => None,
    }
}
