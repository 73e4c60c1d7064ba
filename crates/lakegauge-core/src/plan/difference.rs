//! Two versions of one dataset.

use std::collections::BTreeMap;

use crate::alarm::Severity;
use crate::dataset::Dataset;
use crate::deploy::{MetricAlarm, alarms, schedule};
use crate::publish::Naming;
use crate::remedy::Remedy;

/// One thing that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What: a key of the config, or `alarm`.
    pub what: &'static str,
    /// What it was; `None` where it was not there.
    pub from: Option<String>,
    /// What it is; `None` where it is no longer there.
    pub to: Option<String>,
}

/// A dataset of both versions, and what differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its name.
    pub dataset: String,
    /// In the order in which a config says them.
    pub differences: Vec<Difference>,
    /// What becomes of it in AWS, in words: `1 alarm changed`.
    pub aws: Vec<String>,
    /// Its partitions are told otherwise, so that what is known of them may no longer fit.
    pub is_new_to_history: bool,
}

/// What differs between two versions of a dataset.
pub(super) fn of(old: &Dataset, new: &Dataset) -> Option<Changed> {
    let mut found = Vec::new();
    let mut field = |what, from: Option<String>, to: Option<String>| {
        if from != to {
            found.push(Difference { what, from, to });
        }
    };
    let zone = |d: &Dataset| d.zone.iana_name().map(str::to_owned);
    let due = |d: &Dataset| Some(d.due.map_or_else(|| "learned".to_owned(), |due| due.to_string()));
    field("path", Some(old.layout.to_string()), Some(new.layout.to_string()));
    field("timezone", zone(old), zone(new));
    if old.calendar != new.calendar {
        field("calendar", Some("other days".to_owned()), Some("the days of the new calendar".to_owned()));
    }
    field("due", due(old), due(new));
    field("landed_when", Some(old.landed_when.to_string()), Some(new.landed_when.to_string()));
    field("look_back", Some(old.look_back.to_string()), Some(new.look_back.to_string()));
    field("owner", old.owner.clone(), new.owner.clone());
    field("runbook", old.runbook.clone(), new.runbook.clone());
    field("notify", named(&old.notify), named(&new.notify));
    field("remediate", old.remedy.as_ref().map(run), new.remedy.as_ref().map(run));
    let (alarms, aws) = of_alarms(old, new);
    found.extend(alarms);
    (!found.is_empty()).then(|| Changed {
        dataset: new.name.clone(),
        is_new_to_history: old.layout != new.layout || old.zone != new.zone,
        differences: found,
        aws,
    })
}

fn named(receivers: &[String]) -> Option<String> {
    (!receivers.is_empty()).then(|| receivers.join(", "))
}

/// What a remedy runs, for what.
fn run(remedy: &Remedy) -> String {
    let function =
        remedy.function.iter().map(|arn| format!("function {}", arn.rsplit(':').next().unwrap_or(arn)));
    let dag = remedy.airflow.iter().map(|airflow| format!("DAG {} at {}", airflow.dag, airflow.url));
    let what = function.chain(dag).collect::<Vec<_>>().join(" and ");
    let metrics: Vec<&str> = remedy.metrics.iter().map(|metric| metric.name()).collect();
    if metrics.is_empty() { what } else { format!("{what}, for {}", metrics.join(" and ")) }
}

/// Which alarms differ, and what becomes of a dataset in AWS.
fn of_alarms(old: &Dataset, new: &Dataset) -> (Vec<Difference>, Vec<String>) {
    let by_key = |dataset: &Dataset| {
        let found = alarms(dataset, &Naming::Lakegauge).into_iter();
        found.map(|alarm| (alarm.key.clone(), alarm)).collect::<BTreeMap<_, _>>()
    };
    let (before, after) = (by_key(old), by_key(new));
    let described = old.owner != new.owner || old.runbook != new.runbook || old.notify != new.notify;
    let (mut found, mut added, mut removed, mut changed) = (Vec::new(), 0, 0, 0);
    for key in before.keys().chain(after.keys().filter(|key| !before.contains_key(*key))) {
        let (from, to) = (before.get(key), after.get(key));
        match (from, to) {
            (Some(_), None) => removed += 1,
            (None, Some(_)) => added += 1,
            (from, to) if from != to || described => changed += 1,
            _ => {}
        }
        if from != to {
            found.push(Difference { what: "alarm", from: from.map(said), to: to.map(said) });
        }
    }
    let counts = [(added, "added"), (removed, "removed"), (changed, "changed")];
    let mut aws: Vec<String> = counts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| format!("{n} {} {what}", if *n == 1 { "alarm" } else { "alarms" }))
        .collect();
    let key = |d: &Dataset| schedule(d).map_or_else(|| "none".to_owned(), |s| s.key);
    if key(old) != key(new) {
        aws.push(format!("schedule {} → {}", key(old), key(new)));
    }
    if old.layout.static_prefix() != new.layout.static_prefix() {
        aws.push("event rule and the roles' prefixes changed".to_owned());
    }
    (found, aws)
}

fn said(alarm: &MetricAlarm) -> String {
    match alarm.severity {
        Severity::Critical => alarm.meaning.clone(),
        Severity::Warning => format!("{} (warning)", alarm.meaning),
    }
}
