//! What holds for any feed, whatever its cadence, zone, marker, pace of looks and death.
//!
//! `LAKEGAUGE_SEED=n` replays one world, `LAKEGAUGE_SEEDS=n` runs that many.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its support code too")]

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use lakegauge_core::alarm::State;
use lakegauge_core::layout::Layout;
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::{Cadence, Partition};
use lakegauge_core::verdict::Status;
use lakegauge_story::{Dice, Said, StoryLake, Watch, seeds};

/// How many worlds are tried by default: each look of one that never looked before learns the whole past anew.
const WORLDS: u64 = 6;

/// A feed that behaves the same on every one of its days.
#[derive(Clone, Debug)]
struct World {
    seed: u64,
    cadence: Cadence,
    zone: &'static str,
    marker: bool,
    files: u64,
    /// Minutes from a period's end to its first file, at the least and at the most.
    lands: (u64, u64),
    weekdays: bool,
    /// Whether the config is the one that `init` writes.
    init: bool,
    every: SignedDuration,
}

/// Something that goes wrong with one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Nothing,
    Absent,
    Half,
    Empty,
}

impl World {
    fn new(seed: u64) -> World {
        let mut dice = Dice::new(seed);
        let cadence = [Cadence::Daily, Cadence::Hourly, Cadence::Daily, Cadence::Weekly, Cadence::Monthly]
            [dice.between(0, 4) as usize];
        let hours = match cadence {
            Cadence::Hourly => [1, 1, 3, 12, 24].as_slice(),
            Cadence::Daily => &[1, 6, 24, 24, 48],
            Cadence::Weekly => &[24, 24 * 7],
            Cadence::Monthly => &[24, 24 * 10],
        };
        let early = dice.between(1, if cadence == Cadence::Hourly { 20 } else { 600 });
        World {
            seed,
            cadence,
            zone: ["UTC", "Europe/Berlin", "America/New_York"][dice.between(0, 2) as usize],
            marker: dice.percent(50),
            files: dice.between(1, 4),
            lands: (early, early + dice.between(0, if cadence == Cadence::Hourly { 20 } else { 90 })),
            weekdays: cadence == Cadence::Daily && dice.percent(30),
            init: dice.percent(50),
            every: SignedDuration::from_hours(hours[dice.between(0, hours.len() as u64 - 1) as usize]),
        }
    }

    fn tz(&self) -> TimeZone {
        TimeZone::get(self.zone).unwrap()
    }

    fn path(&self) -> &'static str {
        match self.cadence {
            Cadence::Hourly => "feed/date={date}/hour={hour}/",
            Cadence::Daily => "feed/date={date}/",
            Cadence::Weekly => "feed/{year}-W{week}/",
            Cadence::Monthly => "feed/{year}-{month}/",
        }
    }

    fn folder(&self, period: Partition) -> String {
        Layout::parse(self.path()).unwrap().prefix(period, &[]).unwrap()
    }

    /// Periods of the past before the first look, and those that are looked at.
    fn length(&self) -> (i64, i64) {
        match self.cadence {
            Cadence::Hourly => (24 * 24, 60),
            Cadence::Daily => (70, 20),
            Cadence::Weekly => (60, 8),
            Cadence::Monthly => (40, 6),
        }
    }

    fn period(&self, n: i64) -> Partition {
        let first = jiff::civil::date(2026, 1, 5).at(0, 0, 0, 0);
        let of = match self.cadence {
            Cadence::Monthly => jiff::civil::date(2022, 1, 1).at(0, 0, 0, 0),
            _ => first,
        };
        Partition::containing(of, self.cadence).offset(n)
    }

    fn comes(&self, period: Partition) -> bool {
        let weekday = period.start().weekday().to_monday_zero_offset();
        !(self.weekdays && weekday >= 5) && period.start_in(&self.tz()) < period.end_in(&self.tz())
    }

    /// The lake until its end; `wrong` happens to period number `at`.
    fn lake(&self, at: i64, wrong: Wrong) -> StoryLake {
        let (lake, mut dice) = (StoryLake::new(), Dice::new(self.seed ^ 0xfeed));
        let (past, watched) = self.length();
        for n in 0..past + watched + 4 {
            let period = self.period(n);
            let wrong = if n == at { wrong } else { Wrong::Nothing };
            let (lands, sizes) =
                (dice.between(self.lands.0, self.lands.1), dice.between(95_000_000, 105_000_000));
            if !self.comes(period) || wrong == Wrong::Absent {
                continue;
            }
            let size = match wrong {
                Wrong::Half => sizes / 2,
                Wrong::Empty => 0,
                _ => sizes,
            };
            let ends = period.end_in(&self.tz()) + SignedDuration::from_mins(lands as i64);
            for file in 0..self.files {
                let written = ends + SignedDuration::from_secs(20 * file as i64);
                lake.put(format!("{}part-{file}.gz", self.folder(period)), size + file, written);
            }
            if self.marker {
                let written = ends + SignedDuration::from_secs(20 * self.files as i64);
                lake.put(format!("{}_SUCCESS", self.folder(period)), 0, written);
            }
        }
        lake
    }

    fn begins(&self) -> Timestamp {
        self.period(self.length().0).end_in(&self.tz())
    }

    fn watch(&self, lake: &StoryLake) -> Watch {
        if self.init {
            return Watch::init(lake, self.begins());
        }
        let marker = if self.marker { "    landed_when: _SUCCESS\n" } else { "" };
        let yaml =
            format!("timezone: {}\ndatasets:\n  feed:\n    path: {}\n{marker}", self.zone, self.path());
        Watch::config(lake, &yaml, self.begins())
    }
}

/// Tries the promise on many worlds, and names those that break it.
fn every_world(promise: impl Fn(&World, &mut Dice) -> Result<(), String>) {
    let broken: Vec<String> = seeds(WORLDS)
        .filter_map(|seed| {
            let world = World::new(seed);
            let error = promise(&world, &mut Dice::new(seed ^ 0xdead)).err()?;
            Some(format!("{world:?}\n  {error}"))
        })
        .collect();
    assert!(broken.is_empty(), "{} worlds:\n{}", broken.len(), broken.join("\n"));
}

/// Two of its own periods and its longest pause after the last write, no look says healthy.
#[test]
fn what_has_died_is_never_healthy() {
    every_world(|world, dice| {
        let (past, watched) = world.length();
        let lake = world.lake(-1, Wrong::Nothing);
        let writes = lake.writes();
        // Somewhere in a period, between two of its files perhaps.
        let nth = past + dice.between(2, watched as u64 - 1) as i64;
        let nominal = SignedDuration::from_secs(world.cadence.nominal_seconds());
        let dies = world.period(nth).end_in(&world.tz())
            + SignedDuration::from_secs(dice.between(0, nominal.as_secs() as u64) as i64);
        let last = *writes.iter().rfind(|at| **at <= dies).unwrap();
        let pauses = writes.windows(2).filter(|two| two[1] <= last).map(|two| two[1].duration_since(two[0]));
        let dead = last + nominal + nominal + pauses.max().unwrap();
        lake.dies_after(dies);
        let watch = world.watch(&lake);
        let mut now = world.begins();
        while now <= dead {
            watch.check(now);
            now += world.every;
        }
        for nth in 0..8 {
            let first = (nth % 4 == 0).then(|| watch.first_look(now));
            for said in [Some(watch.check(now)), first].into_iter().flatten() {
                if said.status() == Status::Ok {
                    let notes = said.notes();
                    return Err(format!(
                        "last write {last}, dead since {dead}: {said}; {notes}\n{}",
                        watch.yaml
                    ));
                }
            }
            now += world.every;
        }
        Ok(())
    });
}

/// A feed that behaves as it always did is never in alarm.
#[test]
fn what_is_usual_never_alarms() {
    every_world(|world, dice| {
        let (past, watched) = world.length();
        let lake = world.lake(-1, Wrong::Nothing);
        let watch = world.watch(&lake);
        let (mut now, end) = (world.begins(), world.period(past + watched).end_in(&world.tz()));
        while now <= end {
            // A first look learns everything anew: not at every one.
            let first = dice.percent(10).then(|| watch.first_look(now));
            for said in [Some(watch.check(now)), first].into_iter().flatten() {
                if said.status() == Status::Alarm {
                    return Err(format!("{said}\n{}", watch.yaml));
                }
            }
            now += world.every;
        }
        Ok(())
    });
}

/// What only a history can know.
fn is_of_the_past(metric: Metric) -> bool {
    matches!(metric, Metric::Rewritten | Metric::Shrunk | Metric::CheckDuration | Metric::ListRequests)
}

/// The state of every alarm that a look reports.
fn verdicts(said: &Said) -> BTreeMap<(Partition, Metric), State> {
    let partitions = said.report.datasets.iter().flat_map(|dataset| &dataset.partitions);
    let alarms = partitions.flat_map(|p| p.alarms.iter().map(|a| ((p.partition, a.metric), a.state)));
    alarms.filter(|((_, metric), _)| !is_of_the_past(*metric)).collect()
}

/// Whoever looked often, daily, or never before sees the same.
#[test]
fn how_often_one_looks_changes_no_verdict() {
    every_world(|world, dice| {
        let (past, watched) = world.length();
        let nth = past + dice.between(2, watched as u64 - 2) as i64;
        let wrong = [Wrong::Nothing, Wrong::Absent, Wrong::Half, Wrong::Empty][dice.between(0, 3) as usize];
        let nominal = world.cadence.nominal_seconds();
        let until = world.period(nth).end_in(&world.tz())
            + SignedDuration::from_secs(dice.between(0, 2 * nominal as u64) as i64);
        let looking = |every: i64| World { every: SignedDuration::from_secs(every), ..world.clone() };
        let (often, rarely) = (looking((nominal / 12).max(30 * 60)), looking(3 * nominal));
        let look = |world: &World| {
            let watch = world.watch(&world.lake(nth, wrong));
            let mut now = world.begins();
            while now < until {
                watch.check(now);
                now += world.every;
            }
            (watch.check(until), watch.first_look(until))
        };
        let ((first, alone), (second, _)) = (look(&often), look(&rarely));
        for (other, name) in [(&second, "rarely"), (&alone, "for the first time")] {
            let (a, b) = (verdicts(&first), verdicts(other));
            let differs = a.iter().find(|(key, state)| b.get(key).is_some_and(|other| other != *state));
            if differs.is_some() || first.status() != other.status() {
                return Err(format!(
                    "{wrong:?} {}: often {first}; {name} {other}; {differs:?}",
                    world.period(nth)
                ));
            }
        }
        Ok(())
    });
}
