//! How a partition is known to be complete.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use lakegauge_core::layout::{Layout, Marker};
use lakegauge_core::lifecycle::needed_quiet;
use lakegauge_core::partition::Cadence;
use lakegauge_core::quantity;

use super::finding::Inferred;
use super::group::Group;
use super::survey::Survey;

/// How many of the newest partitions decide: a writer may have started to write markers only recently.
const RECENT: usize = 14;

/// How many partitions pauses are learned from.
const PAUSES: usize = 30;
/// Shorter pauses are covered by the default.
const USUAL: SignedDuration = SignedDuration::from_mins(8);

/// The marker of a dataset: in its partitions, one per partition at its root, or one for all at its root.
pub(super) fn marker(
    group: &Group,
    layout: &Layout,
    others: &[Group],
    survey: &Survey,
    alone: bool,
) -> Option<Inferred<String>> {
    let inside = inside(group);
    if inside.as_ref().is_some_and(|marker| marker.sure) {
        return inside;
    }
    let dated = others.iter().filter_map(|marker| dated(group, layout, marker)).max_by_key(|(n, _)| *n);
    dated.map(|(_, marker)| marker).or(inside).or_else(|| undated(group, layout, survey, alone))
}

/// The pause that shows completeness, if it must be longer than the default. It is learned from the newest partitions
/// whose period is over.
pub(super) fn quiet(group: &Group, cadence: Cadence, now: Timestamp) -> Option<Inferred<String>> {
    let over = group.pauses.iter().rev().filter(|(p, _)| p.end_in(&TimeZone::UTC) <= now).take(PAUSES);
    let pauses: Vec<i64> = over.map(|(_, pauses)| pauses.longest()).collect();
    let count = pauses.len();
    let (quiet, usual) = needed_quiet(pauses, cadence);
    let usual = usual.filter(|usual| *usual > USUAL)?;
    let usual = quantity::duration(usual.as_secs_f64());
    let evidence = format!("writes pause for up to {usual} inside the last {count} partitions");
    let minutes = quiet.as_mins();
    let length = if minutes % 60 == 0 { format!("{}h", minutes / 60) } else { format!("{minutes}m") };
    Some(Inferred { value: format!("quiet {length}"), evidence, sure: true })
}

fn covered(present: &[bool], name: &str, place: &str) -> Option<Inferred<String>> {
    let (count, all) = (present.iter().filter(|here| **here).count(), present.len());
    let recent = present.iter().rev().take(RECENT).all(|here| *here);
    let lately = recent && all >= RECENT;
    // One in twenty may lack the marker: finding those is what a monitor is for.
    let sure = all >= 3 && (count * 20 >= all * 19 || lately);
    let mut evidence = format!("{place} {count} of {all} partitions");
    if sure && count * 20 < all * 19 {
        evidence.push_str(&format!(", each of the last {RECENT} among them"));
    }
    (count * 10 >= all && count > 0).then_some(Inferred { value: name.to_owned(), evidence, sure })
}

fn inside(group: &Group) -> Option<Inferred<String>> {
    let found = group.markers.iter().enumerate().filter_map(|(bit, name)| {
        let data = group.parts.values().filter(|part| part.objects > 0);
        let present: Vec<bool> = data.map(|part| part.markers & (1 << bit) != 0).collect();
        let here = present.iter().filter(|here| **here).count();
        Some((here, covered(&present, name, "in")?))
    });
    found.max_by_key(|(count, _)| *count).map(|(_, marker)| marker)
}

/// One marker file per partition, below the dataset's static prefix.
fn dated(group: &Group, layout: &Layout, marker: &Group) -> Option<(usize, Inferred<String>)> {
    let rest = marker.template.strip_prefix(layout.static_prefix())?;
    let text = layout.to_string();
    let file = text.rsplit('/').next().unwrap_or_default();
    let stem = file.split('{').next().unwrap_or_default();
    if !rest.contains(stem) {
        return None;
    }
    let value = format!("root:{rest}");
    Marker::parse(&value, layout).ok()?;
    let data = group.parts.iter().filter(|(_, part)| part.objects > 0);
    let present: Vec<bool> = data.map(|(partition, _)| marker.parts.contains_key(partition)).collect();
    let count = present.iter().filter(|here| **here).count();
    Some((count, covered(&present, &value, "one beside")?))
}

/// One marker for the whole dataset, rewritten with every partition.
fn undated(group: &Group, layout: &Layout, survey: &Survey, alone: bool) -> Option<Inferred<String>> {
    let (name, at) = survey.root_markers.get(layout.static_prefix())?;
    let value = format!("root:{name}");
    Marker::parse(&value, layout).ok()?;
    let newest = group.parts.values().filter(|part| part.objects > 0).map(|part| part.last).max()?;
    let when = Timestamp::from_second(*at).ok()?.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let (relation, sure) = match at - newest {
        0..=86_400 => (format!("{} after the newest data", duration(at - newest)), alone),
        86_401.. => (format!("{} after the newest data", duration(at - newest)), false),
        _ => (format!("{} before the newest data", duration(newest - at)), false),
    };
    let mut evidence = format!("one at the dataset's root, written {when}, {relation}");
    if !alone {
        evidence.push_str("; other datasets are below that folder too");
    }
    Some(Inferred { value, evidence, sure })
}

fn duration(seconds: i64) -> String {
    quantity::duration(seconds as f64)
}
