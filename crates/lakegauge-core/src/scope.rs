//! Which partitions a run must look at: as few as possible.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::dataset::Dataset;
use crate::lifecycle::PartitionState;
use crate::partition::{Cadence, Partition};
use crate::record::{PartitionRecord, Records};

/// What the user asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The newest partition that is due or has landed.
    Newest,
    /// This many of the newest.
    Last(u32),
    /// These.
    Named(Vec<Partition>),
}

/// What must be looked at to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needed {
    /// These partitions.
    Partitions(Vec<Partition>),
    /// The whole past from this partition on, because nothing is known yet, or too little.
    Past(Partition),
}

/// Beyond this many partitions, one pass over the past is cheaper than one look at each.
const ONE_BY_ONE: usize = 64;
/// A partition that has not landed is looked for until this many periods after its own have passed, and until this
/// many newer partitions have come: a feed may land weeks after its periods, and an outage may last as long.
const KEEP_LOOKING: i64 = 7;

/// How many hours are learned from at least: five of each hour of the week.
const HOURS: i64 = 35 * 24;

/// How many periods of the past are learned from at most: seven weeks of hours, 400 days, four years of weeks, ten
/// years of months.
pub fn depth(cadence: Cadence) -> i64 {
    match cadence {
        // The hours of last week may still be judged, and are learned from a Monday on.
        Cadence::Hourly => HOURS + 2 * 7 * 24,
        Cadence::Daily => 400,
        Cadence::Weekly => 208,
        Cadence::Monthly => 120,
    }
}

/// The first partition that a history keeps, and the first time: those of the dataset's retention, and whatever is
/// learned from. `None`: everything, because the retention reaches back before all time.
pub fn first_kept(dataset: &Dataset, now: Timestamp) -> Option<(Partition, Timestamp)> {
    let since = now.checked_sub(dataset.retention).ok()?;
    let current = current(dataset, now);
    let kept = Partition::containing(since.to_zoned(dataset.zone.clone()).datetime(), current.cadence());
    Some((kept.min(current.offset(-depth(current.cadence()))), since))
}

/// The first partition that `judged` is learned from; `None`: as many as there are.
///
/// Hours are learned from a Monday on, five to six weeks ago. An hour is judged at each look of three days; if the past
/// began an hour later at each of them, it would be judged by 72 slightly different pasts, and an hour near the edge of
/// its band would turn into an alarm a day after it was healthy.
pub fn first_learned(judged: Partition) -> Option<Partition> {
    week_of(judged.offset(-HOURS))
}

/// The first hour of the week of an hourly partition; `None` for all others.
pub fn week_of(hour: Partition) -> Option<Partition> {
    let week = Partition::containing(hour.start(), Cadence::Weekly);
    (hour.cadence() == Cadence::Hourly).then(|| Partition::containing(week.start(), Cadence::Hourly))
}

/// The partition whose period contains `now`.
pub fn current(dataset: &Dataset, now: Timestamp) -> Partition {
    Partition::containing(now.to_zoned(dataset.zone.clone()).datetime(), dataset.layout.cadence())
}

/// How many periods before the newest one are judged again at each look: the config's `look_back`, in days for hourly
/// data.
pub fn reach_back(dataset: &Dataset) -> i64 {
    let periods = match dataset.layout.cadence() {
        Cadence::Hourly => 24,
        Cadence::Daily | Cadence::Weekly | Cadence::Monthly => 1,
    };
    i64::from(dataset.look_back.max(1)) * periods
}

/// Whether a partition in alarm is still looked at and reported: until it is healthy, or the alarm is older than
/// `look_back`.
pub fn is_told_still(record: &PartitionRecord, dataset: &Dataset, now: Timestamp) -> bool {
    let reach = reach_back(dataset) * dataset.layout.cadence().nominal_seconds();
    record.alarmed_since.is_some_and(|since| now.duration_since(since).as_secs() <= reach)
}

/// Plans the look: everything newer than the newest record, whatever has not settled lately, the last few that have
/// landed (they may have been rewritten), and what was requested by name.
pub fn needed(dataset: &Dataset, records: &Records, wanted: &Wanted, now: Timestamp) -> Needed {
    let current = current(dataset, now);
    // A stray partition of the future (9999-12-31) must not hide those that are still to come. Until something has
    // come, unsuccessful looks do not show where the first one will be.
    let came = records.range(..=current).any(|(_, r)| r.came());
    let known = came || *wanted != Wanted::Newest;
    let Some((newest, _)) = records.range(..=current).next_back().filter(|_| known) else {
        return Needed::Past(current.offset(-depth(current.cadence())));
    };
    let unknown = current.periods_since(*newest);
    let long_ago = unknown > ONE_BY_ONE as i64;
    let mut looks: BTreeSet<Partition> = match long_ago {
        true => BTreeSet::from([newest.next()]),
        false => (1..=unknown).map(|n| newest.offset(n)).collect(),
    };
    looks.extend(unseen(records, current));
    let known = || records.range(..=current).rev().map(|(_, record)| record);
    let mut came = 0;
    for record in known() {
        if record.state != PartitionState::Landed && !given_up(record, dataset, came) {
            looks.insert(record.partition);
        }
        came += i64::from(record.came());
    }
    let wrong = known().filter(|r| is_told_still(r, dataset, now) || r.is_rejected());
    looks.extend(wrong.map(|r| r.partition));
    let many = long_ago || looks.len() > ONE_BY_ONE;
    let back = match wanted {
        Wanted::Last(n) => dataset.look_back.max(*n),
        Wanted::Newest | Wanted::Named(_) => dataset.look_back,
    };
    let landed = known().filter(|r| r.landed_at.is_some());
    looks.extend(landed.take(back as usize).map(|r| r.partition));
    match wanted {
        Wanted::Named(named) => looks.extend(named.iter().copied()),
        Wanted::Last(n) => {
            // Partitions older than every known one are not missing, however many are requested.
            let oldest = records.keys().next().copied().unwrap_or(current);
            let last = (0..i64::from(*n)).map(|back| current.offset(-back));
            looks.extend(last.take_while(|partition| *partition >= oldest));
        }
        Wanted::Newest => {}
    }
    match looks.first().filter(|_| many) {
        Some(oldest) => Needed::Past(*oldest),
        None => Needed::Partitions(looks.into_iter().collect()),
    }
}

/// Recent partitions without a record between those that have one: a gap hid them when the others were seen, or a
/// stray partition of the future was recorded before their time came.
fn unseen(records: &Records, current: Partition) -> impl Iterator<Item = Partition> {
    // Nothing is older than the first partition that ever came, even if one is requested by name.
    let came = records.values().find(|r| r.came());
    let oldest = came.map_or(current, |record| record.partition);
    let recent = (0..ONE_BY_ONE as i64).map(move |back| current.offset(-back));
    recent.take_while(move |p| *p > oldest).filter(|p| !records.contains_key(p))
}

/// A partition that was still not there long after its time is not looked for again; `came` newer ones have come. One
/// without a deadline may be one that never comes, such as a Sunday: a single newer one is enough.
fn given_up(record: &PartitionRecord, dataset: &Dataset, came: i64) -> bool {
    let enough = if record.due_at.is_some() { KEEP_LOOKING } else { 1 };
    came >= enough && record.seen_at >= record.partition.offset(KEEP_LOOKING).end_in(&dataset.zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    use jiff::SignedDuration;

    use crate::layout::Layout;
    use crate::observation::LookFold;

    #[test]
    fn hours_are_learned_from_a_monday_on() {
        let check = |newest: &str, expect: Option<&str>| {
            let first = first_learned(Partition::parse(newest).unwrap());
            assert_eq!(first.map(|first| first.to_string()).as_deref(), expect, "{newest}");
            let distance = |first| Partition::parse(newest).unwrap().periods_since(first);
            assert!(first.is_none_or(|first| distance(first) < depth(Cadence::Hourly)), "{newest}");
        };
        check("2026-11-23T00", Some("2026-10-19T00"));
        check("2026-11-25T13", Some("2026-10-19T00"));
        check("2026-11-29T23", Some("2026-10-19T00"));
        check("2026-11-30T00", Some("2026-10-26T00"));
        check("2026-11-25", None);
    }

    #[test]
    fn a_history_keeps_its_retention_and_what_is_learned_from() {
        let check = |path: &str, days: i64, expect: &str| {
            let layout = Layout::parse(path).unwrap();
            let retention = SignedDuration::from_hours(24 * days);
            let dataset = Dataset { retention, ..Dataset::new("t", layout) };
            let (first, since) = first_kept(&dataset, "2026-03-10T12:00:00Z".parse().unwrap()).unwrap();
            let since = since.to_zoned(dataset.zone).date();
            assert_eq!(format!("{first} {since}"), expect);
        };
        check("t/{date}/{hour}/", 400, "2025-02-03T12 2025-02-03");
        check("t/{date}/{hour}/", 7, "2026-01-20T12 2026-03-03");
        check("t/{date}/", 730, "2024-03-10 2024-03-10");
        check("t/{date}/", 30, "2025-02-03 2026-02-08");
        check("t/{year}/{month}/", 400, "2016-03 2025-02-03");
    }

    #[test]
    fn what_no_record_tells_of_is_looked_at_and_the_future_is_not() {
        let dataset = Dataset {
            rules: [].into(),
            look_back: 1,
            ..Dataset::new("t", Layout::parse("t/{date}/").unwrap())
        };
        let now: Timestamp = "2026-03-10T12:00:00Z".parse().unwrap();
        let check = |known: &[&str], wanted: Wanted, expect: &[&str]| {
            let records: Records = known
                .iter()
                .map(|name| {
                    let partition = Partition::parse(name).unwrap();
                    let landed = partition.end_in(&dataset.zone) <= now;
                    let state = if landed { PartitionState::Landed } else { PartitionState::Arriving };
                    let look = Some(LookFold::new(None).finish());
                    let landed_at = landed.then_some(now);
                    let new = PartitionRecord::new(partition, now);
                    (partition, PartitionRecord { state, landed_at, look, ..new })
                })
                .collect();
            let expect = expect.iter().map(|p| Partition::parse(p).unwrap()).collect();
            assert_eq!(needed(&dataset, &records, &wanted, now), Needed::Partitions(expect), "{known:?}");
        };
        check(&["2026-03-08", "2026-03-09"], Wanted::Newest, &["2026-03-09", "2026-03-10"]);
        // A gap hid two of them while a newer one was seen.
        let hid = ["2026-03-07", "2026-03-08", "2026-03-09", "2026-03-10"];
        check(&["2026-03-06", "2026-03-09"], Wanted::Newest, &hid);
        // However many are requested, none before the first known one.
        check(&["2026-03-09"], Wanted::Last(7), &["2026-03-09", "2026-03-10"]);
        // A stray one of the future has not landed, and is not looked for.
        check(&["2026-03-09", "2026-07-01"], Wanted::Newest, &["2026-03-09", "2026-03-10"]);
    }

    #[test]
    fn a_missing_partition_is_looked_for_until_newer_ones_have_come() {
        let dataset = Dataset::new("t", Layout::parse("t/{date}/").unwrap());
        let day = Partition::parse("2026-01-01").unwrap();
        let check = |landed: &[i64], due: bool, expect: bool| {
            let end = |n| day.offset(n).end_in(&dataset.zone);
            let seen = end(30);
            let came = landed.iter().map(|n| {
                let (state, look) = (PartitionState::Landed, Some(LookFold::new(None).finish()));
                let new = PartitionRecord::new(day.offset(*n), seen);
                PartitionRecord { state, landed_at: Some(end(*n)), look, ..new }
            });
            let missing = PartitionRecord { due_at: due.then(|| end(0)), ..PartitionRecord::new(day, seen) };
            let records: Records = came.chain([missing]).map(|record| (record.partition, record)).collect();
            let Needed::Partitions(looks) = needed(&dataset, &records, &Wanted::Newest, seen) else {
                panic!("{landed:?}")
            };
            assert_eq!(looks.contains(&day), expect, "{landed:?} {due}");
        };
        // An outage has lasted since, or ended a few days ago.
        check(&[-1], true, true);
        check(&[-1, 25, 26, 27, 28, 29, 30], true, true);
        check(&[-1, 24, 25, 26, 27, 28, 29, 30], true, false);
        // A weekly feed in folders of days.
        check(&[7, 14, 21, 28], true, true);
        // One that is not expected.
        check(&[-1], false, true);
        check(&[30], false, false);
    }

    #[test]
    fn until_something_has_come_the_whole_past_is_looked_at() {
        let dataset = Dataset::new("t", Layout::parse("t/{date}/").unwrap());
        let now: Timestamp = "2026-03-10T12:00:00Z".parse().unwrap();
        let check = |came: bool, expect: &Needed| {
            let today = Partition::parse("2026-03-10").unwrap();
            let look = came.then(|| LookFold::new(None).finish());
            let record = PartitionRecord { look, ..PartitionRecord::new(today, now) };
            assert_eq!(&needed(&dataset, &Records::from([(today, record)]), &Wanted::Newest, now), expect);
        };
        check(true, &Needed::Partitions(vec![Partition::parse("2026-03-10").unwrap()]));
        check(false, &Needed::Past(Partition::parse("2025-02-03").unwrap()));
    }

    #[test]
    fn after_a_long_absence_one_pass_begins_with_what_must_be_looked_at_again() {
        let dataset = Dataset { look_back: 3, ..Dataset::new("t", Layout::parse("t/{date}/").unwrap()) };
        let check = |now: &str, wanted: Wanted, expect: &str| {
            let day = Partition::parse("2026-01-01").unwrap();
            let landed = |n| {
                let end = day.offset(n).end_in(&dataset.zone);
                let (state, look) = (PartitionState::Landed, Some(LookFold::new(None).finish()));
                let new = PartitionRecord::new(day.offset(n), end);
                (day.offset(n), PartitionRecord { state, landed_at: Some(end), look, ..new })
            };
            let records: Records = (0..100).map(landed).collect();
            let now: Timestamp = now.parse().unwrap();
            let Needed::Past(since) = needed(&dataset, &records, &wanted, now) else { panic!("{now}") };
            assert_eq!(since, Partition::parse(expect).unwrap(), "{now} {wanted:?}");
        };
        check("2026-06-30T12:00:00Z", Wanted::Newest, "2026-04-08");
        check("2027-06-30T12:00:00Z", Wanted::Newest, "2026-04-08");
        let named = Wanted::Named(vec![Partition::parse("2026-02-01").unwrap()]);
        check("2026-06-30T12:00:00Z", named, "2026-02-01");
    }
}
