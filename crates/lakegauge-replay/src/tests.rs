//! A replay reports what checks would have reported at the time; incidents are read and compared with it.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::alarm::{Against, Limit, Margin, Rule, State};
use lakegauge_core::dataset::{Dataset, LandedWhen, SUCCESS, default_rules};
use lakegauge_core::due::Due;
use lakegauge_core::judge::{Question, judge};
use lakegauge_core::layout::{Layout, Marker};
use lakegauge_core::mark::{Mark, Says};
use lakegauge_core::metric::Metric;
use lakegauge_core::observation::{LookFold, Observation};
use lakegauge_core::partition::Partition;
use lakegauge_core::record::Records;
use lakegauge_core::scope::Wanted;
use lakegauge_core::standing::Standing;
use lakegauge_core::verdict::AlarmReport;
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn day(n: i64) -> Partition {
    Partition::parse("2026-01-05").unwrap().offset(n)
}

/// How a dataset is configured.
#[derive(Clone, Copy, Debug)]
struct Shape {
    hourly: bool,
    marker: bool,
    due: bool,
    /// Whether there is a limit on how old the newest partition may be.
    stale: bool,
}

fn dataset(shape: Shape) -> Dataset {
    let (path, due) = match shape.hourly {
        true => ("t/{date}/{hour}/", "+1h20m"),
        false => ("t/{date}/", "+1d 10:30"),
    };
    let mut rules = default_rules();
    rules.retain(|rule| rule.metric != Metric::EmptyObjects);
    let near = Limit::Within { margin: Margin::Relative(0.6), against: Against::PreviousGood };
    rules.push(Rule::new(Metric::TotalFileSizeChange, near));
    rules.push(Rule {
        evaluation_periods: 3,
        datapoints_to_alarm: 2,
        ..Rule::new(Metric::EmptyObjects, Limit::at_most(0.0))
    });
    if shape.stale {
        let periods = if shape.hourly { 3.0 * 3_600.0 } else { 2.5 * 86_400.0 };
        rules.push(Rule::new(Metric::Freshness, Limit::at_most(periods)));
    }
    Dataset {
        zone: jiff::tz::TimeZone::get("Europe/London").unwrap(),
        due: shape.due.then(|| Due::parse(due).unwrap()),
        landed_when: match shape.marker {
            true => LandedWhen::Marker(Marker::Inside(SUCCESS.to_owned())),
            false => LandedWhen::Quiet { seconds: 600 },
        },
        rules: rules.into(),
        ..Dataset::new("t", Layout::parse(path).unwrap())
    }
}

/// The objects in one partition: name, bytes, and when each was written.
type Objects = Vec<(String, u64, Timestamp)>;

struct World {
    dataset: Dataset,
    objects: BTreeMap<Partition, Objects>,
    last: Partition,
    /// The instants at which something happened, by partition.
    moments: BTreeMap<Partition, Vec<Timestamp>>,
}

/// What happens to one partition: percent of a period until it lands, percent of the usual size, and what else.
type Day = (i64, u64, u8);

impl World {
    fn new(shape: Shape, days: &[Day]) -> World {
        let dataset = dataset(shape);
        let first = Partition::containing(day(0).start(), dataset.layout.cadence());
        let mut world = World {
            last: first.offset(days.len() as i64 - 1),
            dataset,
            objects: BTreeMap::new(),
            moments: BTreeMap::new(),
        };
        for (n, (lag, share, fate)) in days.iter().enumerate() {
            // The first two are there and on time, so that every look knows the same start of the past.
            let fate = if n < 2 { 9 } else { *fate };
            let partition = first.offset(n as i64);
            if fate > 0 {
                world.land(partition, if n < 2 { 12 } else { *lag }, *share, fate, shape.marker);
            }
        }
        world
    }

    fn land(&mut self, partition: Partition, lag: i64, share: u64, fate: u8, marker: bool) {
        let period = partition.cadence().nominal_seconds();
        let ends = partition.end_in(&self.dataset.zone);
        let after = |percent: i64| ends + SignedDuration::from_secs(period * percent / 100);
        let empty = if fate == 1 { 0 } else { share * 10_000 };
        // A pause as long as quiescence looks like the end, and later the lake does not show that it was not.
        let takes = if fate == 3 { 8 + i64::from(marker) * 92 } else { 2 };
        let written = after(lag) + SignedDuration::from_mins(takes);
        let known = written + SignedDuration::from_mins(if marker { 1 } else { 10 });
        let mut objects: Objects =
            vec![("part-0".to_owned(), 1_000_000, after(lag)), ("part-1".to_owned(), empty, written)];
        // Some are never marked.
        if marker && fate != 2 {
            objects.push((SUCCESS.to_owned(), 0, known));
        }
        if known <= self.end() {
            self.moments.entry(partition).or_default().push(known);
        }
        self.objects.insert(partition, objects);
    }

    fn seen(&self, now: Timestamp) -> Observation {
        let mut seen = Observation::default();
        let newest = lakegauge_core::scope::current(&self.dataset, now);
        for (partition, objects) in &self.objects {
            let mut fold = LookFold::new(self.dataset.landed_when.marker_inside());
            for (name, bytes, written) in objects.iter().filter(|(.., written)| *written <= now) {
                fold.push(name, *bytes, *written);
            }
            if !fold.is_empty() {
                seen.partitions.insert(*partition, fold.finish());
            }
        }
        let mut next = seen.partitions.keys().next().copied().unwrap_or(newest);
        while next <= newest {
            if !seen.partitions.contains_key(&next) {
                seen.absent.push(next);
            }
            next = next.next();
        }
        seen
    }

    /// What a check that was installed just now reports about a partition.
    fn check(&self, partition: Partition, now: Timestamp) -> Vec<AlarmReport> {
        let judgement = judge(&Question {
            dataset: &self.dataset,
            records: &Records::new(),
            observation: &self.seen(now),
            standing: &Standing::default(),
            wanted: &Wanted::Named(vec![partition]),
            now,
        });
        judgement.report.partitions.into_iter().flat_map(|p| p.alarms).collect()
    }

    fn end(&self) -> Timestamp {
        self.last.end_in(&self.dataset.zone) + SignedDuration::from_hours(30)
    }

    fn records(&self) -> Records {
        let judgement = judge(&Question {
            dataset: &self.dataset,
            records: &Records::new(),
            observation: &self.seen(self.end()),
            standing: &Standing::default(),
            wanted: &Wanted::Newest,
            now: self.end(),
        });
        judgement.records.into_iter().map(|record| (record.partition, record)).collect()
    }

    fn replay(&self) -> Run {
        let window = Window { from: Timestamp::UNIX_EPOCH, until: self.end() };
        replay(&self.dataset, &self.records(), &[], window)
    }
}

/// Every alarm that the replay raises is raised by a check at that instant, in the same words; and a check when a partition
/// lands, or a second before, raises none that the replay does not know.
fn same_as_checks(world: &World) -> Result<usize, TestCaseError> {
    let run = world.replay();
    let mut compared = 0;
    for alarm in &run.alarms {
        for firing in &alarm.firings {
            let said = world.check(firing.partition, firing.at);
            let said = said.iter().find(|report| report.metric == alarm.metric);
            prop_assert!(
                said.is_some_and(|s| s.state == State::Alarm),
                "{} {firing:?}: {said:?}",
                alarm.metric
            );
            // Only the look itself knew how much of a partition had been written by then.
            if alarm.metric != Metric::Late {
                prop_assert_eq!(said.map(|s| s.reason.as_str()), Some(firing.reason.as_str()));
            }
            compared += 1;
        }
    }
    let fires = |metric: Metric, partition: Partition, now: Timestamp, by: Timestamp| {
        let alarm = run.alarms.iter().find(|alarm| alarm.metric == metric);
        // An alarm on several partitions is reported on the one that caused it, which may be an older one that lands
        // last.
        let rule = world.dataset.rules.iter().find(|rule| rule.metric == metric);
        let several = rule.map_or(1, |rule| i64::from(rule.evaluation_periods));
        // Staleness is reported on the newest partition at the time, whichever one is asked about.
        let of = |f: &Firing| match metric {
            Metric::Freshness => f.until.is_none_or(|until| until >= now),
            _ => (0..several).contains(&partition.periods_since(f.partition)),
        };
        alarm.is_some_and(|a| a.firings.iter().any(|f| of(f) && f.at <= by))
    };
    // A replay knows only after the quiet time that data being written at the deadline was late.
    let quiet = match world.dataset.landed_when {
        LandedWhen::Quiet { seconds } => SignedDuration::from_secs(seconds),
        _ => SignedDuration::ZERO,
    };
    for (partition, moments) in &world.moments {
        for now in moments.iter().flat_map(|at| [*at - quiet - SignedDuration::from_secs(1), *at]) {
            for report in world.check(*partition, now).iter().filter(|report| report.state == State::Alarm) {
                // A missing partition that begins to arrive is late: one alarm, reported once.
                let absent = [Metric::Late, Metric::Missing];
                let metrics = if absent.contains(&report.metric) { &absent } else { &[report.metric; 2] };
                let by = if report.metric == Metric::Missing { now } else { now + quiet };
                let known = metrics.iter().any(|metric| fires(*metric, *partition, now, by));
                prop_assert!(known, "{partition} at {now}: {report:?}");
            }
        }
    }
    Ok(compared)
}

/// Mostly on time and of the usual size; sometimes late, overtaken, half, empty, unmarked or not there.
fn any_day() -> impl Strategy<Value = Day> {
    let lag = prop_oneof![6 => 5i64..15, 1 => 30i64..90, 1 => 100i64..330];
    let share = prop_oneof![8 => 90u64..110, 1 => 1u64..60, 1 => 180u64..250];
    let fate = prop_oneof![1 => 0u8..4, 9 => Just(9u8)];
    (lag, share, fate)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_replay_says_what_checks_said(
        hourly in any::<bool>(), marker in any::<bool>(), due in any::<bool>(), stale in any::<bool>(),
        days in proptest::collection::vec(any_day(), 25..45),
    ) {
        same_as_checks(&World::new(Shape { hourly, marker, due, stale }, &days))?;
    }
}

fn fired(run: &Run, metric: Metric) -> Vec<String> {
    let alarm = run.alarms.iter().find(|alarm| alarm.metric == metric).unwrap();
    let text = |f: &Firing| match f.until {
        Some(until) => format!("{} {} to {until}", f.partition, f.at),
        None => format!("{} {}", f.partition, f.at),
    };
    alarm.firings.iter().map(text).collect()
}

const DAILY: Shape = Shape { hourly: false, marker: true, due: true, stale: false };

#[test]
fn alarms_begin_with_the_deadline_and_end_with_the_landing() {
    let mut days = vec![(12, 100, 9); 20];
    days[10] = (50, 100, 9);
    days[12] = (12, 100, 0);
    days[14] = (12, 100, 1);
    let world = World::new(DAILY, &days);
    assert_eq!(same_as_checks(&world).unwrap(), fired_in_all(&world.replay()));
    let run = world.replay();
    let check = |metric, expect: &[&str]| assert_eq!(fired(&run, metric), expect, "{metric}");
    check(
        Metric::Missing,
        &[
            "2026-01-15 2026-01-16T10:30:01Z to 2026-01-16T12:03:00Z",
            "2026-01-17 2026-01-18T10:30:01Z to 2026-01-19T02:55:48Z",
        ],
    );
    check(Metric::Late, &[]);
    check(Metric::TotalFileSizeChange, &[]);
    check(Metric::TotalFileSize, &["2026-01-19 2026-01-20T02:55:48Z to 2026-01-21T02:55:48Z"]);
    assert_eq!(run.replayed.len(), 20);
}

fn fired_in_all(run: &Run) -> usize {
    run.alarms.iter().map(|alarm| alarm.firings.len()).sum()
}

#[test]
fn a_deadline_that_an_older_landing_moves_on_passes_once_more() {
    // The seventh lands days late and moves the ninth's deadline, which had already passed. The ninth never gets a
    // marker, and its lateness changes what is known about which weekdays come.
    let mut days = vec![(5, 90, 0); 25];
    for (n, lag, fate) in [(2, 5, 9), (3, 30, 1), (4, 5, 9), (5, 5, 1), (6, 230, 1), (8, 5, 2)] {
        days[n] = (lag, 90, fate);
    }
    for (n, lag, fate) in [(14, 5, 9), (17, 5, 1), (24, 14, 1)] {
        days[n] = (lag, 90, fate);
    }
    let world = World::new(Shape { hourly: false, marker: true, due: false, stale: false }, &days);
    assert_eq!(same_as_checks(&world).unwrap(), fired_in_all(&world.replay()));
}

#[test]
fn what_was_copied_counts_as_punctual_and_what_was_caught_up_does_not() {
    let mut days = vec![(12, 100, 9); 40];
    // Thirty of them were written together, weeks later.
    for (n, (lag, ..)) in days.iter_mut().enumerate().take(30).skip(2) {
        *lag = (40 - n as i64) * 100;
    }
    let copied = World::new(DAILY, &days).replay();
    // The one that was due that day is among them.
    assert_eq!((copied.copied, fired_in_all(&copied)), (29, 0));
    let mut days = vec![(12, 100, 9); 40];
    for (n, (lag, ..)) in days.iter_mut().enumerate().take(26).skip(20) {
        *lag = (27 - n as i64) * 100;
    }
    let caught_up = World::new(DAILY, &days).replay();
    assert_eq!((caught_up.copied, fired(&caught_up, Metric::Missing).len()), (0, 6));
}

#[test]
fn a_mark_counts_from_when_it_was_made() {
    let mut days = vec![(12, 100, 9); 20];
    days[14] = (12, 40, 1);
    let world = World::new(DAILY, &days);
    let mut records = world.records();
    let record = records.get_mut(&day(14)).unwrap();
    let content = Mark::of_content(record.look.as_ref());
    record.mark =
        Some(Mark { says: Says::Accepted, at: at("2026-01-20T09:00:00Z"), by: None, reason: None, content });
    let run =
        replay(&world.dataset, &records, &[], Window { from: Timestamp::UNIX_EPOCH, until: world.end() });
    assert_eq!(
        fired(&run, Metric::TotalFileSize),
        ["2026-01-19 2026-01-20T02:55:48Z to 2026-01-20T09:00:00Z"]
    );
}

#[test]
fn two_configs_stand_beside_each_other_and_beside_what_is_remembered() {
    let mut days = vec![(12, 100, 9); 30];
    days[14] = (12, 100, 1);
    days[20] = (12, 100, 0);
    let world = World::new(DAILY, &days);
    let mut records = world.records();
    let content = None;
    let bad = Mark { says: Says::Bad, at: world.end(), by: None, reason: Some("lost".to_owned()), content };
    records.get_mut(&day(20)).unwrap().mark = Some(bad);
    let window = Window { from: day(7).end_in(&world.dataset.zone), until: world.end() };
    let blind =
        Dataset { rules: [Rule::new(Metric::Missing, Limit::at_most(0.0))].into(), ..world.dataset.clone() };
    let side = |config: &str, dataset: &Dataset| {
        let runs = vec![replay(dataset, &records, &[], window)];
        Side { config: config.to_owned(), runs }
    };
    let remembered =
        read("dataset,from,to,why\nt,2026-01-18,2026-01-19,\"half, of it\"\nt,2026-01-06,,\nu,2026-01-18")
            .unwrap();
    let both = Backtest::new(window, vec![side("a", &world.dataset), side("b", &blind)], remembered);
    insta::assert_json_snapshot!(both);
}

#[test]
fn incidents_are_read_or_refused_at_their_place() {
    let check = |text: &str, expect: Result<&[&str], &str>| {
        let said = read(text).map(|all| {
            all.iter().map(|i| format!("{} {}..{} {}", i.dataset, i.from, i.to, i.why)).collect::<Vec<_>>()
        });
        match expect {
            Ok(expect) => assert_eq!(said.unwrap(), expect, "{text}"),
            Err(expect) => {
                let error = said.unwrap_err().to_string();
                assert!(error.starts_with(expect), "{text}: {error}");
            }
        }
    };
    check(
        "dataset,from,to,why\nkpi,2026-01-01,2026-01-03,\"a, b\"\n",
        Ok(&["kpi 2026-01-01..2026-01-03 a, b"]),
    );
    check("why, dataset, from\nlost, kpi, 2026-01-01T05\n", Ok(&["kpi 2026-01-01T05..2026-01-01T05 lost"]));
    check("- { dataset: kpi, from: 2026-01-01, why: lost }\n", Ok(&["kpi 2026-01-01..2026-01-01 lost"]));
    check("- dataset: kpi\n  from: 2026-W03\n  to: 2026-W04\n", Ok(&["kpi 2026-W03..2026-W04 "]));
    check("", Ok(&[]));
    check("dataset,from,to,why\nkpi,yesterday,,\n", Err("line 2: `yesterday` is not a partition"));
    check(
        "dataset,from,to,why\nkpi,2026-01-05,2026-01-03,\n",
        Err("line 2: 2026-01-03 is before 2026-01-05"),
    );
    check("dataset,when\nkpi,2026-01-05\n", Err("line 2: "));
    check("- { dataset: kpi, from: 2026-01-01, until: 2026-01-02 }\n", Err("the list: "));
    check("- { dataset: kpi, from: 2026-01-32 }\n", Err("entry 1: `2026-01-32` is not a partition"));
}
