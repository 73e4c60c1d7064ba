//! Lakes for these tests.
//!
//! They are in 2061, so that `--now` is not in the past: a run records what it saw, as it would today.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan as _};

use crate::harness::Desk;

/// The morning of the checks: the newest partition is that of Tuesday, 1 March 2061.
pub(crate) const NOW: &str = "2061-03-02T06:00:00Z";
pub(crate) const LAST: Date = date(2061, 3, 1);
/// How many days the lakes have.
const DAYS: i64 = 60;

/// Every dataset is due at 04:30 and lands at about 03:00; limits are fixed, so that no message here depends on how
/// bands are learned.
pub(crate) const CONFIG: &str = "\
lake: lake
defaults:
  due: +1d 04:30
  landed_when: _SUCCESS
  alarms:
    TotalFileSize: { at_least: 1MB }
    ObjectCount: off
datasets:
";

/// A dataset's lines in the config.
pub(crate) fn entry(name: &str) -> String {
    format!("  {name}:\n    path: {name}/date={{date}}/\n")
}

/// What happened on the last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Healthy,
    Missing,
    /// No marker.
    Unmarked,
    Small,
}

/// Writes sixty days of one dataset, the last one according to `fate`.
pub(crate) fn days(desk: &Desk, name: &str, fate: Fate) {
    for back in (0..DAYS).rev() {
        let day = LAST.checked_sub(back.days()).unwrap();
        let fate = if back == 0 { fate } else { Fate::Healthy };
        partition(desk, name, day, fate);
    }
}

/// Writes one day.
pub(crate) fn partition(desk: &Desk, name: &str, day: Date, fate: Fate) {
    if fate == Fate::Missing {
        return;
    }
    let folder = format!("{name}/date={day}");
    // The days differ slightly, the same way in every run.
    let noise = u64::from(day.day_of_year() as u16 * 37 % 101);
    let each = if fate == Fate::Small { 40_000 } else { 1_000_000 + noise * 1_000 };
    for part in 0..3 {
        desk.lay(&format!("{folder}/part-{part}.parquet"), each, landing(day, 3.hours().minutes(part)));
    }
    if fate != Fate::Unmarked {
        desk.lay(&format!("{folder}/_SUCCESS"), 0, landing(day, 3.hours().minutes(5)));
    }
}

/// The time `after` the end of `day`.
pub(crate) fn landing(day: Date, after: Span) -> Timestamp {
    let midnight = day.tomorrow().unwrap().to_zoned(TimeZone::UTC).unwrap();
    midnight.checked_add(after).unwrap().timestamp()
}

/// A folder with one dataset for each fate, and a config for them.
pub(crate) fn four() -> Desk {
    let desk = Desk::new();
    let mut config = CONFIG.to_owned();
    let fates = [
        ("orders", Fate::Healthy),
        ("payments", Fate::Missing),
        ("sessions", Fate::Unmarked),
        ("stock", Fate::Small),
    ];
    for (name, fate) in fates {
        days(&desk, name, fate);
        config.push_str(&entry(name));
    }
    desk.config(&config);
    desk
}

/// A folder with one dataset, `orders`.
pub(crate) fn one(fate: Fate) -> Desk {
    let desk = Desk::new();
    days(&desk, "orders", fate);
    desk.config(&format!("{CONFIG}{}", entry("orders")));
    desk
}
