//! Turns the folds into datasets: which templates belong together, their exact form, and what their records show.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use lakegauge_core::layout::Layout;
use lakegauge_core::partition::Partition;
use lakegauge_core::quantity;

use super::finding::{Discovery, Finding, Inferred, Standing, Undated};
use super::group::Group;
use super::numbers::Padding;
use super::survey::{Pile, Survey};
use super::{arrival, completion, hours, naming, reading, rhythm, season};

/// A template that is settled.
struct Draft {
    group: Group,
    layout: Layout,
    /// Partitions dated further ahead than any zone explains.
    future: usize,
}

impl Survey {
    /// The datasets in everything that was pushed, as of `now`.
    pub fn finish(self, now: Timestamp) -> Discovery {
        settle(self, now)
    }
}

fn settle(mut survey: Survey, now: Timestamp) -> Discovery {
    let groups = std::mem::take(&mut survey.groups);
    let (markers, groups): (Vec<Group>, Vec<Group>) = groups.into_iter().partition(|group| group.marker);
    let groups = split_below(reading::uncrowded(reading::coarsened(reading::agreed(groups))));
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    for group in groups.into_iter().filter(|group| group.objects() > 0) {
        match draft(group, now) {
            Ok(draft) => match drafts.get_mut(&draft.layout.to_string()) {
                Some(known) => known.group.absorb(draft.group, |partition| partition),
                None => {
                    drafts.insert(draft.layout.to_string(), draft);
                }
            },
            Err(group) => unsettled(&mut survey, &group),
        }
    }
    let prefixes: Vec<String> = drafts.values().map(|d| d.layout.static_prefix().to_owned()).collect();
    let undated = undated(&survey, &prefixes);
    let mut datasets: Vec<Finding> = drafts
        .into_values()
        .map(|draft| {
            let prefix = draft.layout.static_prefix();
            let alone = prefixes.iter().filter(|other| other.starts_with(prefix)).count() == 1;
            finding(draft, &markers, &survey, alone, now)
        })
        .collect();
    datasets.sort_by_key(|finding| match finding.standing {
        Standing::Active => 0,
        Standing::Doubtful(_) => 1,
        Standing::Stopped(_) => 2,
    });
    let cadences: Vec<&str> = datasets.iter().map(|finding| finding.layout.cadence().name()).collect();
    let mut names: Vec<&mut String> = datasets.iter_mut().map(|finding| &mut finding.name).collect();
    naming::unique(&mut names, &cadences);
    let Survey { objects, bytes, sampled, odd, .. } = survey;
    Discovery { now, objects, bytes, sampled, datasets, undated, odd }
}

/// Folders below the date: datasets of their own if several recur and no data is next to them.
fn split_below(groups: Vec<Group>) -> Vec<Group> {
    let mut by_template: BTreeMap<String, Vec<Group>> = BTreeMap::new();
    let mut settled = Vec::new();
    for group in groups {
        if group.flat {
            settled.push(group);
        } else {
            by_template.entry(group.template.clone()).or_default().push(group);
        }
    }
    for (_, members) in by_template {
        let all: u64 = members.iter().map(Group::objects).sum();
        let direct: u64 = members.iter().filter(|g| g.below.is_empty()).map(Group::objects).sum();
        let recurring = |group: &&Group| !group.below.is_empty() && group.parts.len() >= 3;
        // `part-0` and `part-1` are pieces of the same thing.
        let kinds: BTreeSet<String> = members
            .iter()
            .filter(recurring)
            .map(|group| group.below.replace(|c: char| c.is_ascii_digit(), ""))
            .collect();
        let recur = members.iter().filter(recurring).count();
        let named = members.iter().filter(|group| !group.below.is_empty()).count();
        let several = (2..=200).contains(&kinds.len()) && recur * 2 >= named && direct * 10 <= all;
        if several {
            settled.extend(members.into_iter().filter(|group| !group.below.is_empty()).map(|mut group| {
                group.template = format!("{}{}/", group.template, group.below);
                group
            }));
        } else {
            settled.extend(members.into_iter().reduce(|mut into, other| {
                into.absorb(other, |partition| partition);
                into
            }));
        }
    }
    settled
}

/// Finalises the template and verifies it with a key that was seen.
fn draft(mut group: Group, now: Timestamp) -> Result<Draft, Box<Group>> {
    reading::fix_hour(&mut group);
    group.template = unpadded(&group.template, group.padding);
    let Ok(layout) = Layout::parse(&group.template) else { return Err(Box::new(group)) };
    let seen = layout.locate(&group.example).map(|located| located.partition);
    if !seen.is_some_and(|partition| group.parts.contains_key(&partition)) {
        return Err(Box::new(group));
    }
    let horizon = rhythm::horizon(layout.cadence(), now);
    let before = group.parts.len();
    group.parts.retain(|partition, _| *partition <= horizon);
    let future = before - group.parts.len();
    if group.objects() == 0 { Err(Box::new(group)) } else { Ok(Draft { group, layout, future }) }
}

/// Writes numbers without padding if every number below ten was seen that way.
fn unpadded(template: &str, padding: Padding) -> String {
    // If no number shows it, the others decide: months 10 to 12 look the same either way.
    let all = padding.with == 0 && padding.without != 0;
    let bare = if all { u8::MAX } else { padding.without & !padding.with };
    let mut text = template.to_owned();
    if bare & (Padding::MONTH | Padding::DAY) != 0 {
        text = text.replace("{date}", "{date:%Y-%m-%d}");
    }
    let parts = [(Padding::MONTH, "month", 'm'), (Padding::DAY, "day", 'd'), (Padding::HOUR, "hour", 'H')];
    for (bit, name, code) in parts.into_iter().filter(|(bit, ..)| bare & bit != 0) {
        let _ = bit;
        text = text.replace(&format!("{{{name}}}"), &format!("{{{name}:%-{code}}}"));
        for separator in ['-', '_', '.'] {
            text = text.replace(&format!("{separator}%{code}"), &format!("{separator}%-{code}"));
        }
    }
    text
}

/// Counts data whose template cannot be written or verified among the folders without a date.
fn unsettled(survey: &mut Survey, group: &Group) {
    let folder = group.template.split('{').next().unwrap_or_default();
    let folder = folder.rfind('/').map_or("", |slash| folder.get(..=slash).unwrap_or_default());
    let pile = survey.undated.entry(folder.to_owned()).or_default();
    pile.objects += group.objects();
    pile.bytes = pile.bytes.saturating_add(group.bytes());
    if pile.example.is_empty() {
        pile.example = group.example.clone();
    }
}

/// Merges folders without dates into the highest folder that contains no dataset.
fn undated(survey: &Survey, prefixes: &[String]) -> Vec<Undated> {
    let mut rolled: BTreeMap<&str, Pile> = BTreeMap::new();
    for (folder, pile) in &survey.undated {
        let ancestors = folder.match_indices('/').filter_map(|(slash, _)| folder.get(..=slash));
        let empty = |ancestor: &&str| !prefixes.iter().any(|prefix| prefix.starts_with(*ancestor));
        let place = ancestors.filter(empty).min_by_key(|ancestor| ancestor.len()).unwrap_or(folder);
        let sum = rolled.entry(place).or_default();
        sum.objects += pile.objects;
        sum.bytes = sum.bytes.saturating_add(pile.bytes);
        if sum.example.is_empty() {
            sum.example.clone_from(&pile.example);
        }
    }
    let undated = rolled.into_iter().map(|(folder, pile)| Undated {
        folder: folder.to_owned(),
        objects: pile.objects,
        bytes: pile.bytes,
        example: pile.example,
    });
    undated.collect()
}

/// Reads the records of one dataset.
fn finding(draft: Draft, markers: &[Group], survey: &Survey, alone: bool, now: Timestamp) -> Finding {
    let Draft { group, layout, future } = draft;
    let days: Vec<Partition> =
        group.parts.iter().filter(|(_, part)| part.objects > 0).map(|(p, _)| *p).collect();
    let cadence = layout.cadence();
    let epoch = Partition::containing(jiff::civil::DateTime::ZERO, cadence);
    let marker = completion::marker(&group, &layout, markers, survey, alone);
    let quiet = completion::quiet(&group, cadence, now);
    let inside = marker.as_ref().is_some_and(|m| m.sure && !m.value.starts_with("root:"));
    let arrivals = arrival::arrivals(&group, cadence, inside, now);
    let mut landing = arrival::landing(&arrivals, cadence);
    let zone = season::zone(&arrivals.known);
    let mut due = landing.due.take();
    let ahead = season::ahead(&group, cadence, now);
    // A due time applies to every hour, on weekends too; a learned one to the hours that usually come.
    if let Some(due) =
        due.as_mut().filter(|_| zone.is_some() || ahead.is_some() || !hours::tell_of_a_week(&days))
    {
        due.sure = false;
    }
    let kept = hours::kept(&days);
    if let Some(kept) = &kept {
        due = None;
        landing.text.push_str(&format!("; comes {kept}"));
    }
    let calendar = rhythm::calendar(&days);
    let mut notes: Vec<String> = rhythm::holes(&days, calendar.as_ref(), kept.as_ref()).into_iter().collect();
    notes.extend(about_template(&group, &layout, survey));
    if future > 0 {
        let are = if future == 1 { "partition is" } else { "partitions are" };
        notes.push(format!("{future} {are} dated in the future and left out here"));
    }
    // A partition that was not looked at is no silence.
    let there: BTreeSet<Partition> = days.iter().chain(&group.unseen).copied().collect();
    let standing = match rhythm::standing(&there, now) {
        Standing::Active if group.weak && !months_are_dense(&days) => {
            Standing::Doubtful("six digits that may be no month".to_owned())
        }
        standing => standing,
    };
    Finding {
        name: naming::name(&layout),
        standing,
        partitions: days.len() as u64,
        unseen: group.unseen.iter().filter(|unseen| !group.parts.contains_key(unseen)).count() as u64,
        more: survey.unopened.iter().any(|folder| folder.starts_with(layout.static_prefix())),
        cut: group.parts.values().any(|part| part.cut),
        objects: group.objects(),
        bytes: group.bytes(),
        first: group.unseen.first().into_iter().chain(days.first()).min().copied().unwrap_or(epoch),
        last: days.last().copied().unwrap_or(epoch),
        marker: marker.filter(|marker| marker.sure || quiet.is_none()).or(quiet),
        due,
        landing: landing.text,
        zone,
        ahead,
        calendar,
        format: format(&group),
        copied: arrivals.copied,
        notes,
        layout,
    }
}

fn months_are_dense(days: &[Partition]) -> bool {
    match (days.first(), days.last()) {
        (Some(first), Some(last)) => days.len() as i64 * 2 > last.periods_since(*first),
        _ => false,
    }
}

fn about_template(group: &Group, layout: &Layout, survey: &Survey) -> Vec<String> {
    let mut notes = Vec::new();
    for (key, values) in &group.keys {
        let shown: Vec<&str> = values.iter().take(3).map(String::as_str).collect();
        let more = if values.len() > 3 { ", …" } else { "" };
        let count =
            if values.len() >= super::group::FEW { "many".to_owned() } else { values.len().to_string() };
        if key.is_empty() {
            let shown = shown.join(", ");
            let ids = if values.len() == 1 { "id" } else { "ids" };
            notes.push(format!("`{{*}}` stands for {count} {ids} ({shown}{more}), taken as one dataset"));
            continue;
        }
        notes.push(format!(
            "{key} has {count} value{} ({}{more}), taken as one dataset; `{key}={{{}}}` would split it",
            if values.len() == 1 { "" } else { "s" },
            shown.join(", "),
            key.replace(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-', "_"),
        ));
    }
    if group.padding.with & group.padding.without != 0 {
        notes.push("numbers are written with and without leading zeros; both are read".to_owned());
    }
    let prefix = layout.static_prefix();
    let table = survey.tables.iter().find(|(folder, _)| {
        prefix == folder.as_str()
            || prefix.strip_suffix("data/").is_some_and(|table| table == folder.as_str())
    });
    if let Some((folder, format)) = table {
        let article = if format.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
        notes.push(format!(
            "{folder} is {article} {format} table: its log may keep files that are no longer part of it"
        ));
    }
    notes
}

fn format(group: &Group) -> Option<Inferred<String>> {
    let all: u64 = group.formats.values().sum();
    let (extension, count) = group.formats.iter().max_by_key(|(_, count)| **count)?;
    let value = if extension.is_empty() { "no extension".to_owned() } else { extension.clone() };
    let evidence = format!("{} of {} objects", quantity::count(*count as f64), quantity::count(all as f64));
    Some(Inferred { value, evidence, sure: *count * 20 >= all * 19 })
}
