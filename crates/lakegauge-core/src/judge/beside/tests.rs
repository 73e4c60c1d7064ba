//! Days on which a part is missing, the data is a copy or an object is empty, and what is reported.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::alarm::{Limit, Rule, State};
use crate::dataset::Dataset;
use crate::judge::{Judgement, Question, judge};
use crate::layout::Layout;
use crate::mark::{Mark, Says};
use crate::metric::Metric;
use crate::observation::{Listed, LookFold, Observation};
use crate::partition::Partition;
use crate::record::Records;
use crate::scope::Wanted;
use crate::standing::Standing;

/// The objects of one day: name, bytes and ETag.
type Objects = Vec<(String, u64, Option<u64>)>;

struct Lake {
    dataset: Dataset,
    first: Partition,
    days: Vec<Objects>,
    /// Days that a person accepts.
    accepted: Vec<usize>,
}

impl Lake {
    fn new(metric: Metric, days: Vec<Objects>) -> Lake {
        let rules = vec![Rule::new(metric, Limit::Learned)];
        let layout = Layout::parse("t/{date}/").unwrap();
        let first = Partition::parse("2026-03-02").unwrap();
        Lake {
            dataset: Dataset { rules: rules.into(), ..Dataset::new("t", layout) },
            first,
            days,
            accepted: Vec::new(),
        }
    }

    fn judge(&self) -> Judgement {
        let mut observation = Observation::default();
        let end = |n: usize| self.first.offset(n as i64).end_in(&self.dataset.zone);
        for (n, objects) in self.days.iter().enumerate().filter(|(_, objects)| !objects.is_empty()) {
            let mut fold = LookFold::new(None);
            let last_modified = end(n) + SignedDuration::from_hours(2);
            for (name, size, etag) in objects {
                fold.add("", name, Listed { key: name, size: *size, last_modified, etag: *etag });
            }
            observation.partitions.insert(self.first.offset(n as i64), fold.finish());
        }
        let now = end(self.days.len());
        let first = self.ask(&Records::new(), &observation, now);
        let mut records: Records = first.records.iter().map(|r| (r.partition, r.clone())).collect();
        for n in &self.accepted {
            let record = records.get_mut(&self.first.offset(*n as i64)).unwrap();
            let content = Mark::of_content(record.look.as_ref());
            record.mark = Some(Mark { says: Says::Accepted, at: now, by: None, reason: None, content });
        }
        if self.accepted.is_empty() { first } else { self.ask(&records, &observation, now) }
    }

    fn ask(&self, records: &Records, observation: &Observation, now: Timestamp) -> Judgement {
        let wanted = Wanted::Last(self.days.len() as u32);
        judge(&Question {
            dataset: &self.dataset,
            records,
            observation,
            standing: &Standing::default(),
            wanted: &wanted,
            now,
        })
    }

    /// Each day in alarm, with the sentence.
    fn alarms(&self) -> Vec<(usize, String)> {
        let mut alarms: Vec<(usize, String)> = self
            .judge()
            .report
            .partitions
            .into_iter()
            .filter(|p| p.alarms[0].state == State::Alarm)
            .map(|p| (p.partition.periods_since(self.first) as usize, p.alarms[0].reason.clone()))
            .collect();
        alarms.sort();
        alarms
    }
}

/// `days` days with the parts that `here` returns.
fn parts(days: usize, here: impl Fn(usize) -> Vec<String>) -> Vec<Objects> {
    let objects =
        |n| here(n).into_iter().map(|name| (format!("{name}/part-0"), 900 + n as u64, None)).collect();
    (0..days).map(objects).collect()
}

const REGIONS: [&str; 4] = ["region=apac", "region=emea", "region=latam", "region=us"];

fn regions(days: usize, without: impl Fn(usize) -> &'static [&'static str]) -> Vec<Objects> {
    parts(days, |n| REGIONS.iter().filter(|r| !without(n).contains(r)).map(ToString::to_string).collect())
}

fn check(lake: &Lake, expect: &[(usize, &str)]) {
    let expect: Vec<(usize, String)> = expect.iter().map(|(n, text)| (*n, (*text).to_owned())).collect();
    assert_eq!(lake.alarms(), expect);
}

fn days_of(lake: &Lake) -> Vec<usize> {
    lake.alarms().into_iter().map(|(n, _)| n).collect()
}

#[test]
fn a_part_that_always_came_is_named_when_it_is_missing() {
    let lake = |days| Lake::new(Metric::MissingParts, days);
    let latam = "region=latam is missing; there on 40 of 40 days";
    check(&lake(regions(42, |n| if n == 40 { &["region=latam"] } else { &[] })), &[(40, latam)]);
    let two = "region=latam and region=us are missing; there on 40 of 40 days";
    check(&lake(regions(41, |n| if n == 40 { &["region=latam", "region=us"] } else { &[] })), &[(40, two)]);
    // Nine days are too few.
    check(&lake(regions(10, |n| if n == 9 { &["region=latam"] } else { &[] })), &[]);
    let ten = "region=latam is missing; there on 10 of 10 days";
    check(&lake(regions(11, |n| if n == 10 { &["region=latam"] } else { &[] })), &[(10, ten)]);
    // One that came later.
    let later = "region=latam is missing; there on 30 of 30 days";
    let new = |n| if n < 10 || n == 40 { &["region=latam"][..] } else { &[] };
    check(&lake(regions(41, new)), &[(40, later)]);
}

#[test]
fn many_missing_parts_are_counted() {
    let stores = |n: usize| {
        let open = (0..40).filter(move |s| n != 30 || s % 4 != 1);
        open.map(|s| format!("store_id={s:03}")).collect()
    };
    let text = "store_id=001, store_id=005, store_id=009, store_id=013, store_id=017 and 5 more are missing; \
                there on 30 of 30 days";
    check(&Lake::new(Metric::MissingParts, parts(31, stores)), &[(30, text)]);
}

#[test]
fn of_nested_parts_the_topmost_is_missing() {
    let cities = |n: usize| {
        let all = [
            "region=latam/city=lima",
            "region=latam/city=quito",
            "region=us/city=austin",
            "region=us/city=reno",
        ];
        let here = move |name: &&&str| match n {
            20 => !name.contains("latam"),
            30 => !name.contains("reno"),
            _ => true,
        };
        all.iter().filter(here).map(ToString::to_string).collect()
    };
    let expect = [
        (20, "region=latam is missing; there on 20 of 20 days"),
        (30, "region=us/city=reno is missing; there on 30 of 30 days"),
    ];
    check(&Lake::new(Metric::MissingParts, parts(31, cities)), &expect);
}

#[test]
fn stores_that_close_on_sundays_are_missed_on_other_days() {
    // 2 March 2026 is a Monday.
    let open = |n: usize| {
        let all = ["store=1", "store=2", "store=3"];
        let open = all.iter().filter(move |s| **s != "store=2" || n % 7 != 6 && n != 51);
        open.map(ToString::to_string).collect()
    };
    let text = "store=2 is missing; there on 44 of 51 days";
    check(&Lake::new(Metric::MissingParts, parts(70, open)), &[(51, text)]);
    // A store that starts to close on Sundays is reported twice.
    let closes = |n: usize| {
        let all = ["store=1", "store=2", "store=3"];
        all.iter()
            .filter(move |s| **s != "store=2" || n < 40 || n % 7 != 6)
            .map(ToString::to_string)
            .collect()
    };
    assert_eq!(days_of(&Lake::new(Metric::MissingParts, parts(90, closes))), [41, 48]);
}

#[test]
fn a_part_that_stays_away_is_missing_for_two_weeks() {
    let retired = regions(60, |n| if n >= 30 { &["region=latam"] } else { &[] });
    let lake = Lake::new(Metric::MissingParts, retired);
    assert_eq!(days_of(&lake), (30..44).collect::<Vec<_>>());
    let since = "region=latam is missing since 2026-04-01; there on 30 of 30 days before";
    assert_eq!(lake.alarms().last().unwrap().1, since);
    // An alarm that a person accepts clears at once.
    let accepted = Lake { accepted: vec![31], ..lake };
    assert_eq!(days_of(&accepted), [30]);
}

#[test]
fn parts_that_come_and_go_are_not_missed() {
    let none = |here: &dyn Fn(usize) -> Vec<String>| {
        assert_eq!(days_of(&Lake::new(Metric::MissingParts, parts(90, here))), Vec::<usize>::new());
    };
    // Every other day, some of the time, with a number of its own.
    none(&|n| [("a", true), ("b", n % 2 == 0)].iter().filter(|p| p.1).map(|p| p.0.to_owned()).collect());
    none(&|n| [("a", true), ("b", n % 13 < 7)].iter().filter(|p| p.1).map(|p| p.0.to_owned()).collect());
    none(&|n| vec!["a".to_owned(), format!("run={n}"), format!("batch-2026{n:04}")]);
    // Numbered pieces are not parts, however many there are.
    let pieces = |n: usize| (0..4 + n % 3).map(|i| (format!("part-{i:05}.csv"), 900, None)).collect();
    let lake = Lake::new(Metric::MissingParts, (0..60).map(pieces).collect());
    assert_eq!(days_of(&lake), Vec::<usize>::new());
}

#[test]
fn where_one_or_the_other_of_many_is_often_absent_one_more_is_usual() {
    let stores = |n: usize| {
        let away = if n % 9 == 5 { Some(n * 7 % 40) } else { None };
        let open = (0..40).filter(move |s| Some(*s) != away && (n != 88 || s % 8 != 3));
        open.map(|s| format!("store_id={s:03}")).collect()
    };
    // The first three times are not yet known to be usual; five at once never are.
    assert_eq!(days_of(&Lake::new(Metric::MissingParts, parts(100, stores))), [14, 23, 32, 88]);
}

#[test]
fn files_whose_names_return_are_parts() {
    let day = |n: usize| {
        let stores = (1..=40).filter(|s| n != 30 || *s != 17);
        stores.map(|s| (format!("store-{s:03}_202603{:02}.csv", n % 28 + 1), 900 + n as u64, None)).collect()
    };
    let lake = Lake::new(Metric::MissingParts, (0..31).map(day).collect());
    check(&lake, &[(30, "store-017_*.csv is missing; there on 30 of 30 days")]);
    // All under another name: nothing shows that one is missing.
    let renamed = |n: usize| {
        let prefix = if n < 20 { "store" } else { "shop" };
        (1..=9).map(|s| (format!("{prefix}-{s}.csv"), 900 + n as u64, None)).collect()
    };
    assert_eq!(
        days_of(&Lake::new(Metric::MissingParts, (0..31).map(renamed).collect())),
        Vec::<usize>::new()
    );
    // For folders, a person should know.
    let folders =
        |n: usize| REGIONS.iter().map(|r| if n < 20 { (*r).to_owned() } else { r.to_uppercase() }).collect();
    assert!(days_of(&Lake::new(Metric::MissingParts, parts(31, folders))).contains(&20));
}

#[test]
fn an_hour_that_the_clock_skips_is_not_missing() {
    let hours = |n: usize| (0..24).filter(|h| n != 27 || *h != 1).map(|h| format!("hour={h:02}")).collect();
    let mut lake = Lake::new(Metric::MissingParts, parts(40, hours));
    assert_eq!(days_of(&lake), [27]);
    // 29 March 2026.
    lake.dataset.zone = TimeZone::get("Europe/London").unwrap();
    assert_eq!(days_of(&lake), Vec::<usize>::new());
}

/// Objects with sizes that differ from day to day, except that some repeat an earlier day.
fn sizes(days: usize, source: impl Fn(usize) -> usize) -> Vec<Objects> {
    let day = |n: usize| {
        let of = source(n) as u64;
        (0..3).map(|i| (format!("part-{i}"), 5_000 + of * 37 + i * (of * 11 + 101), None)).collect()
    };
    (0..days).map(day).collect()
}

#[test]
fn a_copy_of_an_earlier_day_is_told_where_it_is_not_usual() {
    let lake = |days| Lake::new(Metric::Identical, days);
    let same = |back: usize| sizes(42, move |n| if n == 40 { n - back } else { n });
    let text = "identical to 2026-04-10: the same 20.9 kB in 3 objects, to the byte";
    check(&lake(same(1)), &[(40, text)]);
    check(&lake(same(7)), &[(40, "identical to 2026-04-04: the same 20.1 kB in 3 objects, to the byte")]);
    // A job that is stuck stays stuck.
    assert_eq!(days_of(&lake(sizes(60, |n| n.min(40)))), (41..60).collect::<Vec<_>>());
    // The same every day, on weekends, since the first days.
    assert_eq!(days_of(&lake(sizes(60, |_| 0))), Vec::<usize>::new());
    assert_eq!(days_of(&lake(sizes(60, |n| if n % 7 > 4 { n - n % 7 + 4 } else { n }))), Vec::<usize>::new());
    // Files of one fixed size, and a header alone, are always the same.
    let fixed = |n: usize| (0..3 + n % 2).map(|i| (format!("part-{i}"), 1_000, None)).collect();
    assert_eq!(days_of(&lake((0..60).map(fixed).collect())), Vec::<usize>::new());
}

#[test]
fn the_same_etags_are_a_copy_even_of_one_object() {
    let day = |n: usize, of: usize| vec![(format!("sales_{n}.csv"), 5_000, Some(of as u64))];
    let days = |copied: usize| (0..40).map(|n| day(n, if n == copied { n - 1 } else { n })).collect();
    assert_eq!(days_of(&Lake::new(Metric::Identical, days(30))), [30]);
    // Without ETags, one object's size says nothing.
    let plain = (0..40).map(|n| vec![(format!("sales_{n}.csv"), 5_000, None)]).collect();
    assert_eq!(days_of(&Lake::new(Metric::Identical, plain)), Vec::<usize>::new());
}

#[test]
fn an_empty_object_beside_full_ones_is_told_where_it_is_not_usual() {
    let lake = |days| Lake::new(Metric::EmptyObjects, days);
    let some = |days: usize, empty: &dyn Fn(usize) -> u64| {
        let day = |n: usize| {
            (0..4).map(|i| (format!("part-{i}"), if i < empty(n) { 0 } else { 900 }, None)).collect()
        };
        (0..days).map(day).collect::<Vec<Objects>>()
    };
    let one = "1 of 4 objects is empty; none in the last 30 partitions";
    check(&lake(some(42, &|n| u64::from(n == 40))), &[(40, one)]);
    check(&lake(some(10, &|n| u64::from(n == 9))), &[]);
    assert_eq!(days_of(&lake(some(60, &|n| (n % 3) as u64))), Vec::<usize>::new());
    // More than ever.
    let more = "3 of 4 objects are empty";
    let alarms = lake(some(42, &|n| if n == 40 { 3 } else { (n % 2) as u64 })).alarms();
    assert_eq!((alarms.len(), alarms[0].0, alarms[0].1.starts_with(more)), (1, 40, true), "{alarms:?}");
    // A new habit counts as one after two weeks.
    assert_eq!(days_of(&lake(some(70, &|n| u64::from(n >= 40)))), (40..54).collect::<Vec<_>>());
}
