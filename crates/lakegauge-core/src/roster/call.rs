//! Which of the usual parts are absent.
//!
//! A part is expected if it came on all of the last partitions, or on all of the last ones of this weekday (hour of
//! the day) while it was absent from others just as regularly: a store that is closed on Sundays. A part that was
//! reported as missing stays missing until it returns, a person accepts it, or two weeks are over; meanwhile, nothing
//! is learned from its absence. A part that comes and goes is never expected, and if one of many parts is often
//! absent for a while, one more absence is usual.

use std::collections::BTreeSet;

use super::packed::Roster;
use crate::fingerprint::fnv1a;
use crate::partition::{Cadence, Partition};

/// How many partitions are looked back at.
pub const BACK: usize = 64;
/// How many partitions of the same weekday or hour are looked back at.
pub const KIN: i64 = 10;
/// An expected part came on all of this many last partitions.
const ALWAYS: usize = 30;
/// How many times a part must have come to be expected.
const CAME: usize = 10;
/// How many partitions of one weekday or hour show what is usual on it.
const SAME_DAY: usize = 3;
/// How many absences that ended make absence usual.
const USUAL: usize = 3;
/// How many days after its first absence a missing part is no longer expected.
const GIVEN_UP_DAYS: i32 = 14;
/// Minimum number of partitions after which it is no longer expected.
const GIVEN_UP: i64 = 3;

/// A part as a number: its level in the last two bits (0 for a file), a hash of its name in the others.
type Id = u64;

/// The parts that came to one partition, and those that were missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The partition.
    pub partition: Partition,
    came: Vec<Id>,
    levels: usize,
    files: bool,
    /// Parts that were expected and did not come.
    pub missing: Vec<Missing>,
    /// This many parts are often missing here.
    pub usual: bool,
    /// A person accepted it.
    pub accepted: bool,
}

/// A part that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    id: Id,
    /// Its name: folders with a closing `/`, files without.
    pub name: String,
    /// The first partition of the current run that it is missing from.
    pub since: Partition,
}

/// The state of one part in one partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Was {
    There,
    /// It was absent, and not expected.
    Away,
    /// It was reported as missing.
    Missing,
}

fn id(name: &str) -> Id {
    let level = if name.ends_with('/') { name.matches('/').count() as u64 } else { 0 };
    fnv1a(name.as_bytes()) << 2 | level.min(3)
}

impl Call {
    /// The parts that came, with none reported as missing yet.
    pub fn new(partition: Partition, roster: &Roster) -> Call {
        let mut came: Vec<Id> = roster.names().map(|name| id(&name)).collect();
        came.sort_unstable();
        Call {
            partition,
            came,
            levels: roster.levels(),
            files: roster.files(),
            missing: Vec::new(),
            usual: false,
            accepted: false,
        }
    }

    /// Whether a part of this name came; `None` if unknown.
    pub fn has(&self, name: &str) -> Option<bool> {
        let id = id(name);
        self.knows(id).then(|| self.came(id))
    }

    /// How many parts of the topmost level came.
    pub fn parts(&self) -> usize {
        let top = |id: &&Id| **id & 3 <= 1;
        self.came.iter().filter(top).count()
    }

    fn came(&self, id: Id) -> bool {
        self.came.binary_search(&id).is_ok()
    }

    fn knows(&self, id: Id) -> bool {
        match (id & 3) as usize {
            0 => self.files,
            level => level <= self.levels,
        }
    }

    fn missed(&self, id: Id) -> Option<&Missing> {
        self.missing.iter().find(|missing| missing.id == id)
    }

    fn was(&self, id: Id) -> Option<Was> {
        match () {
            () if self.came(id) => Some(Was::There),
            () if !self.knows(id) => None,
            () if !self.accepted && self.missed(id).is_some() => Some(Was::Missing),
            () => Some(Was::Away),
        }
    }
}

/// The parts that are missing from `today`, only the topmost folders. `past` are the partitions before it, and `kin`
/// those of its weekday or hour of the day, both newest first and only those that may be learned from. `roster`
/// returns the names of a partition.
pub fn missing<'a>(
    today: &Call,
    past: &[&Call],
    kin: &[&Call],
    roster: impl Fn(Partition) -> Option<&'a Roster>,
) -> Vec<Missing> {
    let Some(last) = past.first() else { return Vec::new() };
    let (mut expected, mut absent) = (false, Vec::new());
    let sources = std::iter::once(last).chain(kin.first());
    let known = last.missing.iter().map(|missing| missing.id);
    let candidates: BTreeSet<Id> = sources.flat_map(|call| call.came.iter().copied()).chain(known).collect();
    for id in candidates {
        if today.came(id) {
            expected = true;
        } else if today.knows(id)
            && let Some(since) = missing_since(id, today.partition, past, kin)
        {
            absent.push((id, since));
        }
    }
    if absent.is_empty() {
        return Vec::new();
    }
    let mut found = named(&absent, past, kin, roster);
    // If all names are new, the names have changed and no part is missing. For folders, a person should know.
    let folders = found.iter().filter(|missing| missing.name.ends_with('/')).count();
    if !expected && folders < 2 {
        found.clear();
    }
    found
}

/// Since when a part that is absent from `of` is missing; `None` if it was not expected.
fn missing_since(id: Id, of: Partition, past: &[&Call], kin: &[&Call]) -> Option<Partition> {
    let before = || past.iter().filter_map(|call| Some((call.partition, call.was(id)?)));
    if is_flaky(before().map(|(_, was)| was)) {
        return None;
    }
    let last = past.first()?;
    if let Some(known) = last.missed(id).filter(|_| !last.accepted) {
        return Some(known.since).filter(|since| !is_given_up(*since, of));
    }
    let recent: Vec<(Partition, Was)> = before().take(ALWAYS).collect();
    let came = recent.iter().filter(|(_, was)| *was == Was::There).count();
    let run = recent.iter().take_while(|(_, was)| *was != Was::Away);
    let run = run.filter(|(_, was)| *was == Was::There).count();
    let always = recent.iter().all(|(_, was)| *was != Was::Away);
    // A new part first came when its run began; a part that comes for a while now and then did not.
    let older = || before().skip_while(|(_, was)| *was != Was::Away).any(|(_, was)| was == Was::There);
    let kin: Vec<Was> = kin.iter().filter_map(|call| call.was(id)).collect();
    let expected = match () {
        // At the third absence in a row on one weekday, it counts as closed on that day.
        () if matches!(kin.as_slice(), [Was::Missing, Was::Missing, ..]) => false,
        () if always || !older() => run >= CAME,
        () => came >= CAME && comes_with(&kin) && is_regular(&before().take(ALWAYS + 5).collect::<Vec<_>>()),
    };
    expected.then_some(of)
}

/// Whether a part comes on every day of this kind.
fn comes_with(kin: &[Was]) -> bool {
    let run = kin.iter().take_while(|was| **was != Was::Away);
    run.filter(|was| **was == Was::There).count() >= SAME_DAY
}

/// Whether a part came on all or none of each weekday (hour of the day).
fn is_regular(days: &[(Partition, Was)]) -> bool {
    let away: BTreeSet<i8> =
        days.iter().filter(|(_, was)| *was == Was::Away).map(|(p, _)| kind(*p)).collect();
    days.iter().all(|(partition, was)| *was != Was::There || !away.contains(&kind(*partition)))
}

/// The weekday of a day, the hour of an hour.
fn kind(partition: Partition) -> i8 {
    match partition.cadence() {
        Cadence::Hourly => partition.start().hour(),
        Cadence::Daily => partition.date().weekday().to_monday_zero_offset(),
        Cadence::Weekly | Cadence::Monthly => 0,
    }
}

/// After how many periods a kind recurs; `None` if there are no kinds.
pub fn round(cadence: Cadence) -> Option<i64> {
    match cadence {
        Cadence::Hourly => Some(24),
        Cadence::Daily => Some(7),
        Cadence::Weekly | Cadence::Monthly => None,
    }
}

/// Whether a part was often reported as missing and came back. `days` is newest first.
fn is_flaky(days: impl Iterator<Item = Was>) -> bool {
    let (mut returns, mut newer) = (0, None);
    for was in days {
        returns += usize::from(was == Was::Missing && newer == Some(Was::There));
        newer = Some(was);
    }
    returns >= USUAL
}

fn is_given_up(since: Partition, now: Partition) -> bool {
    let days = now.date().since(since.date()).map_or(0, |span| span.get_days());
    days >= GIVEN_UP_DAYS && now.periods_since(since) >= GIVEN_UP
}

/// Adds the names of the parts, and removes parts that are inside another.
fn named<'a>(
    absent: &[(Id, Partition)],
    past: &[&Call],
    kin: &[&Call],
    roster: impl Fn(Partition) -> Option<&'a Roster>,
) -> Vec<Missing> {
    let last = past.first().into_iter().flat_map(|call| call.missing.iter());
    let mut names: Vec<(Id, String)> = last.map(|missing| (missing.id, missing.name.clone())).collect();
    for call in past.iter().take(1).chain(kin.first()) {
        let listed = roster(call.partition).into_iter().flat_map(Roster::names);
        names.extend(listed.map(|name| (id(&name), name)));
    }
    let since = |of: Id| absent.iter().find(|(id, _)| *id == of).map(|(_, since)| *since);
    let mut found: Vec<Missing> =
        names.into_iter().filter_map(|(id, name)| Some(Missing { id, since: since(id)?, name })).collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found.dedup_by(|a, b| a.name == b.name);
    let folders: Vec<String> = found.iter().map(|missing| missing.name.clone()).collect();
    let inside =
        |name: &str| folders.iter().any(|f| f.ends_with('/') && f != name && name.starts_with(f.as_str()));
    found.retain(|missing| !inside(&missing.name));
    found
}

/// How many parts are sometimes missing at once, for a while: the most of those times; `None` if that is not usual.
/// `past` is newest first.
pub fn usual(past: &[&Call]) -> Option<usize> {
    let fresh = |(at, call): (usize, &&Call)| {
        let new = || call.missing.iter().filter(|missing| missing.since == call.partition);
        // Most have none, and this runs for each partition of a replay.
        new().next()?;
        let newer = past.get(..at).unwrap_or_default();
        let returned = newer.iter().any(|later| new().any(|missing| later.came(missing.id)));
        returned.then(|| new().count())
    };
    let times: Vec<usize> = past.iter().enumerate().filter_map(fresh).collect();
    times.iter().copied().max().filter(|_| times.len() >= USUAL)
}
