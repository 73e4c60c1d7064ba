//! The deadline of a partition in a time zone.

use std::fmt;
use std::ops::RangeInclusive;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use crate::partition::{Cadence, Partition};

/// When the partitions of a dataset are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Due {
    /// At a local time, some days after the partition's day: `+1d 04:30`.
    ///
    /// The days count from the day of a daily or hourly partition, and from the *last* day of a weekly or monthly
    /// one, so that `+1d` is always the day after the period. If the zone skips that local time, it moves forward by
    /// the length of the gap; if the zone repeats it, the first one counts (RFC 5545, section 3.3.5).
    Calendar {
        /// Days after the partition's day; may be negative.
        days: i32,
        /// The local time.
        time: Time,
    },
    /// Elapsed time after the start of the partition, whatever the clocks do: `+1h20m`.
    Elapsed {
        /// Never negative.
        after: SignedDuration,
    },
}

impl Due {
    /// The deadline of `partition` in `zone`. Saturates at the limits of time.
    pub fn deadline(self, partition: Partition, zone: &TimeZone) -> Timestamp {
        match self {
            Due::Calendar { days, time } => {
                let Ok(later) = Span::new().try_days(days) else {
                    return if days < 0 { Timestamp::MIN } else { Timestamp::MAX };
                };
                let at = self.counted_from(partition).saturating_add(later).to_datetime(time);
                zone.to_ambiguous_timestamp(at).compatible().unwrap_or(Timestamp::MAX)
            }
            Due::Elapsed { after } => {
                // The hour that the clocks repeat is over an hour later, and so is due.
                let longer = (partition.hours_in(zone) - 1.0) * partition.cadence().nominal_seconds() as f64;
                let after = after.saturating_add(SignedDuration::from_secs(longer as i64));
                partition.start_in(zone).checked_add(after).unwrap_or(Timestamp::MAX)
            }
        }
    }

    /// The local dates in `years` on which the due time does not exist, because the zone's clocks skip it. Empty for
    /// elapsed time.
    pub fn gaps(self, zone: &TimeZone, years: RangeInclusive<i16>) -> Vec<Date> {
        let Due::Calendar { time, .. } = self else { return Vec::new() };
        let (Ok(first), Ok(last)) = (Date::new(*years.start(), 1, 1), Date::new(*years.end(), 12, 31)) else {
            return Vec::new();
        };
        // A transition's date differs by at most a day between UTC and the zone.
        let from = first.to_datetime(Time::midnight()).saturating_sub(Span::new().days(2));
        let until = last.to_datetime(Time::midnight()).saturating_add(Span::new().days(2));
        let (Ok(from), Ok(until)) = (TimeZone::UTC.to_timestamp(from), TimeZone::UTC.to_timestamp(until))
        else {
            return Vec::new();
        };
        let mut dates: Vec<Date> = zone
            .following(from)
            .take_while(|transition| transition.timestamp() <= until)
            .flat_map(|transition| {
                let day = transition.offset().to_datetime(transition.timestamp()).date();
                // Both sides of the transition: a gap may span midnight, or swallow a day.
                [day.yesterday().ok(), Some(day)]
            })
            .flatten()
            .filter(|date| first <= *date && *date <= last && is_skipped(*date, time, zone))
            .collect();
        dates.dedup();
        dates
    }

    fn counted_from(self, partition: Partition) -> Date {
        match partition.cadence() {
            Cadence::Hourly | Cadence::Daily => partition.date(),
            Cadence::Weekly | Cadence::Monthly => partition.next().date().yesterday().unwrap_or(Date::MAX),
        }
    }
}

fn is_skipped(date: Date, time: Time, zone: &TimeZone) -> bool {
    let at = date.to_datetime(time);
    matches!(zone.to_ambiguous_timestamp(at).offset(), jiff::tz::AmbiguousOffset::Gap { .. })
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Due::Calendar { days, time } => {
                let seconds =
                    if time.second() == 0 { String::new() } else { format!(":{:02}", time.second()) };
                format!("{days:+}d {:02}:{:02}{seconds}", time.hour(), time.minute())
            }
            Due::Elapsed { after } => {
                let total = after.as_secs();
                let parts = [(total / 3_600, "h"), (total / 60 % 60, "m"), (total % 60, "s")];
                let shown: String =
                    parts.iter().filter(|(n, _)| *n != 0).map(|(n, u)| format!("{n}{u}")).collect();
                format!("+{}", if shown.is_empty() { "0m" } else { &shown })
            }
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn deadline(due: &str, partition: &str, zone: &str) -> String {
        let zone = TimeZone::get(zone).unwrap();
        let at = Due::parse(due).unwrap().deadline(Partition::parse(partition).unwrap(), &zone);
        at.to_zoned(zone).strftime("%a %Y-%m-%d %H:%M %:z").to_string()
    }

    #[test]
    fn deadlines_are_local() {
        let check = |due, partition, zone, expect: &str| {
            assert_eq!(deadline(due, partition, zone), expect, "{due} of {partition} in {zone}");
        };
        let london = "Europe/London";
        check("+1d 04:30", "2026-11-21", "UTC", "Sun 2026-11-22 04:30 +00:00");
        check("+1d 04:30", "2026-07-21", london, "Wed 2026-07-22 04:30 +01:00");
        check("+0d 23:00", "2026-07-21T05", london, "Tue 2026-07-21 23:00 +01:00");
        check("-1d 18:00", "2026-07-21", london, "Mon 2026-07-20 18:00 +01:00");
        // The day after the period, whatever its length.
        check("+1d 04:30", "2026-W47", london, "Mon 2026-11-23 04:30 +00:00");
        check("+1d 04:30", "2026-02", london, "Sun 2026-03-01 04:30 +00:00");
        check("+0d 23:30", "2026-02", london, "Sat 2026-02-28 23:30 +00:00");
        // 01:30 does not exist on 29 March 2026, and exists twice on 25 October.
        check("+1d 01:30", "2026-03-28", london, "Sun 2026-03-29 02:30 +01:00");
        check("+1d 01:30", "2026-10-24", london, "Sun 2026-10-25 01:30 +01:00");
        // Lord Howe Island moves by half an hour, Apia once skipped a day.
        check("+1d 02:15", "2026-10-03", "Australia/Lord_Howe", "Sun 2026-10-04 02:45 +11:00");
        check("+1d 12:00", "2011-12-29", "Pacific/Apia", "Sat 2011-12-31 12:00 +14:00");
        // Elapsed time ignores clock changes: these days have 23 and 25 hours.
        check("+26h", "2026-11-21", london, "Sun 2026-11-22 02:00 +00:00");
        check("+26h", "2026-03-29", london, "Mon 2026-03-30 03:00 +01:00");
        check("+26h", "2026-10-25", london, "Mon 2026-10-26 01:00 +00:00");
        check("+1h20m", "2026-11-21T05", london, "Sat 2026-11-21 06:20 +00:00");
        // 01:00 to 02:00 comes twice that night, in one partition.
        check("+1h20m", "2026-10-25T01", london, "Sun 2026-10-25 02:20 +00:00");
    }

    #[test]
    fn gaps_are_found_with_their_dates() {
        let check = |due: &str, zone: &str, years: RangeInclusive<i16>, expect: &[Date]| {
            let zone = TimeZone::get(zone).unwrap();
            assert_eq!(Due::parse(due).unwrap().gaps(&zone, years), expect, "{due}");
        };
        check("+1d 01:30", "Europe/London", 2026..=2027, &[date(2026, 3, 29), date(2027, 3, 28)]);
        check("+1d 02:00", "Europe/London", 2026..=2027, &[]);
        check("+1d 02:30", "America/New_York", 2026..=2026, &[date(2026, 3, 8)]);
        check("+1d 00:00", "America/Santiago", 2026..=2026, &[date(2026, 9, 6)]);
        check("+1d 12:00", "Pacific/Apia", 2011..=2011, &[date(2011, 12, 30)]);
        check("+1d 01:30", "UTC", 1970..=2100, &[]);
        check("+26h", "Europe/London", 2026..=2026, &[]);
    }

    fn any_zone() -> impl Strategy<Value = TimeZone> {
        let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        assert!(names.len() > 400);
        prop::sample::select(names).prop_map(|name| TimeZone::get(&name).unwrap())
    }

    fn any_partition() -> impl Strategy<Value = Partition> {
        let cadence =
            prop::sample::select(vec![Cadence::Hourly, Cadence::Daily, Cadence::Weekly, Cadence::Monthly]);
        (1995i16..2050, 1i8..=12, 1i8..=28, 0i8..24, cadence)
            .prop_map(|(y, m, d, h, c)| Partition::containing(date(y, m, d).at(h, 0, 0, 0), c))
    }

    fn any_due() -> impl Strategy<Value = Due> {
        let time = (0i8..24, prop::sample::select(vec![0i8, 15, 30, 59]))
            .prop_map(|(h, m)| Time::constant(h, m, 0, 0));
        prop_oneof![
            (-3i32..10, time).prop_map(|(days, time)| Due::Calendar { days, time }),
            (0i64..200_000).prop_map(|secs| Due::Elapsed { after: SignedDuration::from_secs(secs) }),
        ]
    }

    proptest! {
        #[test]
        fn display_round_trips(due in any_due()) {
            prop_assert_eq!(Due::parse(&due.to_string()), Ok(due));
        }

        #[test]
        fn deadlines_keep_the_order_of_partitions(due in any_due(), p in any_partition(), zone in any_zone()) {
            prop_assert!(due.deadline(p, &zone) <= due.deadline(p.next(), &zone));
        }

        #[test]
        fn the_local_time_is_the_one_asked_for_or_follows_a_gap(
            due in any_due(), p in any_partition(), zone in any_zone(),
        ) {
            let at = due.deadline(p, &zone);
            match due {
                Due::Elapsed { after } => prop_assert_eq!(at.duration_since(p.start_in(&zone)), after),
                Due::Calendar { days, time } => {
                    let wanted = due.counted_from(p).saturating_add(Span::new().days(days)).to_datetime(time);
                    let local = at.to_zoned(zone.clone()).datetime();
                    let gaps = due.gaps(&zone, wanted.year()..=wanted.year());
                    prop_assert_eq!(local != wanted, gaps.contains(&wanted.date()));
                    prop_assert!(local >= wanted);
                    // The first of the two: the same local time does not occur earlier.
                    let earlier = (1..=120).map(|m| at - SignedDuration::from_mins(m));
                    for earlier in earlier {
                        prop_assert_ne!(earlier.to_zoned(zone.clone()).datetime(), wanted);
                    }
                }
            }
        }

        #[test]
        fn gaps_are_those_of_a_day_by_day_search(due in any_due(), year in 1995i16..2050, zone in any_zone()) {
            if let Due::Calendar { time, .. } = due {
                let slow: Vec<Date> = date(year, 1, 1)
                    .series(Span::new().days(1))
                    .take_while(|d| d.year() == year)
                    .filter(|d| is_skipped(*d, time, &zone))
                    .collect();
                prop_assert_eq!(due.gaps(&zone, year..=year), slow);
            }
        }
    }
}
