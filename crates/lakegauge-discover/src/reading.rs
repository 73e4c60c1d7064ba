//! Numbers that can be read in more than one way: all of their values together decide.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, ISOWeekDate, Weekday};
use lakegauge_core::layout::Layout;
use lakegauge_core::partition::{Cadence, Partition};

use super::group::{Group, Part};
use super::numbers::Padding;

/// Applies the reading that some of the numbers prove to all of them: `2026-36` proves weeks for `2026-09`, and
/// `11-22-2026` proves month-first for `11-09-2026`.
pub(super) fn agreed(groups: Vec<Group>) -> Vec<Group> {
    type Id = (String, String);
    let mut known: BTreeMap<Id, Group> =
        groups.into_iter().map(|group| ((group.template.clone(), group.below.clone()), group)).collect();
    let ids: Vec<Id> = known.keys().cloned().collect();
    for id in ids {
        let proven = readings().find_map(|(from, to, reread)| {
            let proven = (id.0.replace(&from, &to), id.1.clone());
            (proven != id && known.contains_key(&proven)).then_some((proven, reread))
        });
        // A day above 12 in the first place proves day-first: both readings are then certain.
        let certain = |p: &Partition| p.cadence() == Cadence::Daily && p.date().day() > 12;
        if proven.is_none() || known.get(&id).is_some_and(|group| group.parts.keys().any(certain)) {
            continue;
        }
        if let Some((proven, reread)) = proven
            && let Some(group) = known.remove(&id)
            && let Some(into) = known.get_mut(&proven)
        {
            into.absorb(group, reread);
        }
    }
    known.into_values().collect()
}

/// A template's text that may have another meaning, and how its partitions read then.
fn readings() -> impl Iterator<Item = (String, String, fn(Partition) -> Partition)> {
    let months = ("{date:%Y-%m}".to_owned(), "{date:%G-%V}".to_owned(), week as fn(Partition) -> Partition);
    let days = ['-', '_', '.'].into_iter().map(|c| {
        let (from, to) = (format!("{{date:%d{c}%m{c}%Y}}"), format!("{{date:%m{c}%d{c}%Y}}"));
        (from, to, swapped as fn(Partition) -> Partition)
    });
    std::iter::once(months).chain(days)
}

/// The week that has the number of this month.
fn week(month: Partition) -> Partition {
    let date = month.date();
    let monday = ISOWeekDate::new(date.year(), date.month(), Weekday::Monday).map(ISOWeekDate::date);
    Partition::containing(monday.unwrap_or(date).at(0, 0, 0, 0), Cadence::Weekly)
}

/// The date with day and month swapped.
fn swapped(day: Partition) -> Partition {
    let date = day.date();
    let other = Date::new(date.year(), date.day(), date.month()).unwrap_or(date);
    Partition::containing(other.at(0, 0, 0, 0), Cadence::Daily)
}

/// Falls back to the template without the finest number if that number does not behave like part of a date.
pub(super) fn coarsened(groups: Vec<Group>) -> Vec<Group> {
    let (finer, mut settled): (Vec<Group>, Vec<Group>) =
        groups.into_iter().partition(|group| group.coarse.is_some());
    let mut by_coarse: BTreeMap<String, Vec<Group>> = BTreeMap::new();
    for group in finer {
        by_coarse.entry(group.coarse.clone().unwrap_or_default()).or_default().push(group);
    }
    for (coarse, members) in by_coarse {
        let base = |group: &Group| group.template == coarse;
        let plain: u64 = settled.iter().filter(|group| base(group)).map(Group::objects).sum();
        let dated: u64 = members.iter().map(Group::objects).sum();
        if plain * 10 <= dated && members.iter().all(is_dense) {
            // Files that do not name a day, next to files that do, are not data of a day.
            settled.retain(|group| !base(group));
            settled.extend(members);
            continue;
        }
        let flat = !coarse.ends_with('/');
        let cadence = if flat { Cadence::Daily } else { Cadence::Monthly };
        let into = match settled.iter().position(|group| base(group) && group.below.is_empty()) {
            Some(known) => settled.swap_remove(known),
            None => Group { template: coarse, flat, ..Group::default() },
        };
        settled.push(members.into_iter().fold(into, |mut into, group| {
            if into.example.is_empty() {
                into.example.clone_from(&group.example);
            }
            into.absorb(group, |fine| Partition::containing(fine.start(), cadence));
            into
        }));
    }
    settled
}

/// How many sibling folders may be datasets of their own; if there are more, they are values of one dataset.
const CROWD: usize = 300;

/// Joins templates that differ in one level only, if there are more of them than `CROWD`.
pub(super) fn uncrowded(groups: Vec<Group>) -> Vec<Group> {
    let mut places: BTreeMap<(String, String), usize> = BTreeMap::new();
    for group in &groups {
        for (before, _, after) in literal_levels(&group.template) {
            *places.entry((before.to_owned(), after.to_owned())).or_default() += 1;
        }
    }
    places.retain(|_, count| *count > CROWD);
    let mut joined: BTreeMap<(String, String), Group> = BTreeMap::new();
    for mut group in groups {
        let crowd = literal_levels(&group.template).find_map(|(before, level, after)| {
            let crowded = places.contains_key(&(before.to_owned(), after.to_owned()));
            crowded.then(|| (format!("{before}{{*}}{after}"), level.to_owned()))
        });
        if let Some((template, level)) = crowd {
            group.note_keys(&[("", &level)]);
            group.template = template;
        }
        match joined.get_mut(&(group.template.clone(), group.below.clone())) {
            Some(known) => known.absorb(group, |partition| partition),
            None => {
                joined.insert((group.template.clone(), group.below.clone()), group);
            }
        }
    }
    joined.into_values().collect()
}

/// The levels above the first token: the text before, the level, the text after.
fn literal_levels(template: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    let end = template.find('{').unwrap_or(template.len());
    let starts = std::iter::once(0).chain(template.match_indices('/').map(|(slash, _)| slash + 1));
    starts.filter_map(move |start| {
        let rest = template.get(start..)?;
        let length = rest.find('/').filter(|length| start + length < end)?;
        Some((template.get(..start)?, rest.get(..length)?, rest.get(length..)?))
    })
}

/// Whether the finest numbers cover their range: days up to the end of the month, hours up to the end of the day.
/// Part numbers start at the lowest and stop early.
fn is_dense(group: &Group) -> bool {
    let hours: BTreeSet<i8> = group.parts.keys().map(|p| p.start().hour()).collect();
    let days: BTreeSet<i8> = group.parts.keys().map(|p| p.date().day()).collect();
    match group.parts.keys().next().map(|p| p.cadence()) {
        Some(Cadence::Hourly) => hours.len() >= 20 || hours.len() == 1,
        Some(Cadence::Daily) => days.last().is_some_and(|day| *day >= 20) || group.parts.len() < 20,
        _ => true,
    }
}

/// How many days must show that there is one partition per day if its hour varies.
const ONE_PER_DAY: usize = 7;

/// If there is one hour per day, the hour is the time of a run: the dataset is daily, whichever hour comes tomorrow.
/// A store's inventory moved from `2023-01-04-00-00` to `2023-01-05-01-00`.
pub(super) fn fix_hour(group: &mut Group) {
    let hourly = group.parts.keys().all(|p| p.cadence() == Cadence::Hourly);
    let hours: BTreeSet<i8> = group.parts.keys().map(|p| p.start().hour()).collect();
    let days: BTreeSet<Date> = group.parts.keys().map(|p| p.date()).collect();
    // On the day of such a move there may be two.
    let once = group.parts.len() <= days.len() + days.len() / 10 && days.len() >= ONE_PER_DAY;
    let one = hours.len() == 1 && group.parts.len() >= 3;
    if !hourly || !(one || once) {
        return;
    }
    let bare = group.padding.without & Padding::HOUR != 0;
    let text = |hour: i8| if bare { hour.to_string() } else { format!("{hour:02}") };
    // A level `0` below the day is some other number.
    let open = open_hour(&group.template).filter(|open| !bare && Layout::parse(open).is_ok());
    group.template = match (open, hours.first()) {
        (Some(open), _) => open,
        // Next to two other open places, the hour is kept.
        (None, Some(hour)) if one => {
            group.template.replace("{hour}", &text(*hour)).replace("%H", &text(*hour))
        }
        _ => return,
    };
    let parts = std::mem::take(&mut group.parts);
    let day = |p: Partition| Partition::containing(p.start(), Cadence::Daily);
    group.parts = parts.into_iter().fold(BTreeMap::new(), |mut parts, (p, part)| {
        let into: &mut Part = parts.entry(day(p)).or_default();
        into.join(part, part.markers);
        parts
    });
    group.pauses =
        std::mem::take(&mut group.pauses).into_iter().map(|(p, pauses)| (day(p), pauses)).collect();
}

/// The template with `{*}` for the hour and its minutes, seconds and `Z`.
fn open_hour(template: &str) -> Option<String> {
    if let Some(at) = template.find("%H") {
        let (before, after) = (template.get(..at)?, template.get(at..)?);
        let close = after.find('}')?;
        return Some(format!("{before}}}{{*}}{}", after.get(close + 1..)?));
    }
    let at = template.find("{hour}")?;
    let (before, after) = (template.get(..at)?, template.get(at + "{hour}".len()..)?);
    let mut end = 0;
    loop {
        let rest = after.get(end..)?;
        let lead = rest.len() - rest.trim_start_matches([':', '-', '_', '.']).len();
        let lead = if lead == 0 && rest.starts_with("%3A") { 3 } else { lead };
        let digits = rest.get(lead..)?.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || lead > 3 {
            break;
        }
        end += lead + digits;
    }
    end += usize::from(after.get(end..)?.starts_with('Z'));
    Some(format!("{before}{{*}}{}", after.get(end..)?))
}
