//! Compares two versions of the same thing, key by key.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use lakegauge_config::{Meaning, meanings};
use lakegauge_core::calendar::Calendar;
use lakegauge_core::dataset::Dataset;

use crate::deploy::{alarms, schedule};
use crate::publish::Naming;

/// One key whose meaning changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// A key of the config; `alarms.TotalFileSize` and `notify.data-team` for names below a key.
    pub what: String,
    /// The old value; `None` if it was not set.
    pub from: Option<String>,
    /// The new value; `None` if it is no longer set.
    pub to: Option<String>,
}

/// A dataset that is in both versions, and its differences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its name.
    pub dataset: String,
    /// In the order of the config's keys.
    pub differences: Vec<Difference>,
    /// What changes for it in AWS, in words: `1 alarm changed`.
    pub aws: Vec<String>,
    /// Its partitions are named or bounded differently, so what was learned from them may no longer fit.
    pub is_new_to_history: bool,
}

/// The keys whose meaning differs, in the order of `old`; keys that only `new` has come last.
pub(super) fn between(old: &[Meaning], new: &[Meaning]) -> Vec<Difference> {
    let of = |all: &[Meaning], key: &str| all.iter().find(|m| m.key == key).map(|m| m.value.clone());
    let only_new = new.iter().filter(|m| of(old, &m.key).is_none());
    let pair = |m: &Meaning| (m.key.clone(), of(old, &m.key), of(new, &m.key));
    let differ = old.iter().chain(only_new).map(pair).filter(|(_, from, to)| from != to);
    differ.map(|(what, from, to)| Difference { what, from, to }).collect()
}

/// The differences between two versions of a dataset.
pub(super) fn of(old: &Dataset, new: &Dataset) -> Option<Changed> {
    let mut differences = between(&meanings(old), &meanings(new));
    if old.calendar != new.calendar {
        differences.retain(|difference| difference.what != "calendar");
        differences.push(of_calendars(&old.calendar, &new.calendar));
    }
    (!differences.is_empty()).then(|| Changed {
        dataset: new.name.clone(),
        is_new_to_history: old.layout != new.layout || old.zone != new.zone,
        differences,
        aws: in_aws(old, new),
    })
}

/// Maximum number of days that are named.
const NAMED: usize = 3;

/// Two calendars may have the same name: the days in a file may change.
fn of_calendars(old: &Calendar, new: &Calendar) -> Difference {
    let (before, after) = (old.days_off(), new.days_off());
    let days = |days: BTreeSet<Date>, what: &str| {
        let named: Vec<String> = days.iter().take(NAMED).map(Date::to_string).collect();
        let more = days.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!named.is_empty()).then(|| format!("{what} {}{more}", named.join(", ")))
    };
    let off = days(&after - &before, "new days off:");
    let on = days(&before - &after, "no longer days off:");
    let changes: Vec<String> = off.into_iter().chain(on).collect();
    let to = match (changes.is_empty(), old.to_string() == new.to_string()) {
        (false, _) => format!("{new} ({})", changes.join("; ")),
        (true, true) => format!("{new} (the same days, with other times or names)"),
        (true, false) => new.to_string(),
    };
    Difference { what: "calendar".to_owned(), from: Some(old.to_string()), to: Some(to) }
}

/// What changes for a dataset in AWS.
fn in_aws(old: &Dataset, new: &Dataset) -> Vec<String> {
    let by_key = |dataset: &Dataset| {
        let found = alarms(dataset, &Naming::Lakegauge).into_iter();
        found.map(|alarm| (alarm.key.clone(), alarm)).collect::<BTreeMap<_, _>>()
    };
    let (before, after) = (by_key(old), by_key(new));
    let described = old.about != new.about || old.notify != new.notify;
    let (mut added, mut removed, mut changed) = (0, 0, 0);
    for key in before.keys().chain(after.keys().filter(|key| !before.contains_key(*key))) {
        match (before.get(key), after.get(key)) {
            (Some(_), None) => removed += 1,
            (None, Some(_)) => added += 1,
            (from, to) if from != to || described => changed += 1,
            _ => {}
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
    aws
}
