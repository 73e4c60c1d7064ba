//! What happens to the lake over the weeks, decided by the seed before it begins.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::alarm::{Limit, Rule};
use lakegauge_core::dataset::{Dataset, LandedWhen, SUCCESS, default_rules};
use lakegauge_core::due::Due;
use lakegauge_core::layout::{Layout, Marker};
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::{Cadence, Partition};
use lakegauge_story::Dice;

/// The objects of one partition, by name: bytes, and when they were written.
pub(crate) type Objects = BTreeMap<String, (u64, Timestamp)>;

/// One thing that a writer does.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    pub(crate) partition: Partition,
    pub(crate) what: &'static str,
    change: Change,
}

#[derive(Clone, Debug)]
enum Change {
    /// Data objects of this size, so many.
    Write {
        bytes: u64,
        objects: u64,
    },
    Mark,
    /// Only the first object is left.
    Shrink,
    Delete,
}

/// One dataset, and everything that will happen to it.
pub(crate) struct World {
    pub(crate) dataset: Dataset,
    pub(crate) objects: BTreeMap<Partition, Objects>,
    pub(crate) acts: BTreeMap<Timestamp, Vec<Act>>,
    /// When each partition was first written to, whatever became of it.
    pub(crate) first_writes: BTreeMap<Partition, Timestamp>,
    /// The partitions that were ever marked complete.
    pub(crate) marked: BTreeSet<Partition>,
    /// The partitions that were written to, or lost something, after they may have landed.
    pub(crate) changed: BTreeSet<Partition>,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
}

impl World {
    pub(crate) fn new(seed: &mut Dice) -> World {
        let hourly = seed.percent(30);
        let marker = seed.percent(50);
        let dataset = dataset(hourly, marker, if seed.percent(50) { "Europe/London" } else { "UTC" });
        // Across the change of the clocks at the end of March.
        let first = Partition::parse(if hourly { "2026-03-27T00" } else { "2026-03-02" }).unwrap();
        // Long enough for all to be away for longer than single looks are worth.
        let periods = match seed.percent(6) {
            true => 130,
            false if hourly => 48,
            false => 28,
        };
        let zone = dataset.zone.clone();
        let mut world = World {
            start: first.start_in(&zone),
            end: first.offset(periods).end_in(&zone),
            dataset,
            objects: BTreeMap::new(),
            first_writes: BTreeMap::new(),
            marked: BTreeSet::new(),
            changed: BTreeSet::new(),
            acts: BTreeMap::new(),
        };
        for nth in 0..=periods {
            world.plan(first.offset(nth), seed, marker);
        }
        world
    }

    /// The story of one partition.
    fn plan(&mut self, partition: Partition, seed: &mut Dice, marker: bool) {
        let period = partition.cadence().nominal_seconds();
        let end = partition.end_in(&self.dataset.zone);
        let after = |share: i64| end + SignedDuration::from_secs(period * share / 100);
        let chance = i64::try_from(seed.below(10)).unwrap();
        let size = 1_000 + seed.below(200);
        let write = |bytes, objects| Change::Write { bytes, objects };
        let mut tell = |what, at: Timestamp, change| {
            self.acts.entry(at).or_default().push(Act { partition, what, change });
        };
        let landing = after(5 + chance);
        let marked = landing + SignedDuration::from_secs(60);
        match seed.below(20) {
            0 => return,
            1 => {
                tell("half-written, then finished late", landing, write(size / 2, 2));
                tell("finished", after(70 + chance * 8), write(size, 4));
                if marker {
                    tell("marked late", after(72 + chance * 8), Change::Mark);
                }
                return;
            }
            2 if marker => {
                tell("never marked", landing, write(size, 4));
                return;
            }
            3 => {
                tell("late", after(60 + chance * 10), write(size, 4));
                if marker {
                    tell("marked late", after(61 + chance * 10), Change::Mark);
                }
                return;
            }
            _ => {
                tell("landed", landing, write(size, 4));
                if marker {
                    tell("marked", marked, Change::Mark);
                }
            }
        }
        match seed.below(20) {
            0 => tell("rewritten", after(80 + chance * 20), write(size + 7, 4)),
            1 => tell("shrunk", after(40 + chance * 20), Change::Shrink),
            2 => tell("deleted", after(40 + chance * 20), Change::Delete),
            3 => tell("backfilled", after(500 + chance * 100), write(size + 9, 5)),
            4 => {
                let act = Act { partition: partition.offset(400), what: "stray", change: write(5, 1) };
                self.acts.entry(after(20)).or_default().push(act);
            }
            _ => {}
        }
    }

    fn remember(&mut self, act: &Act, at: Timestamp) {
        let marks = matches!(act.change, Change::Mark);
        if marks {
            self.marked.insert(act.partition);
        } else if self.first_writes.contains_key(&act.partition) {
            self.changed.insert(act.partition);
        }
        self.first_writes.entry(act.partition).or_insert(at);
    }

    /// Does everything that is due by `now`, and tells of it.
    pub(crate) fn advance(&mut self, now: Timestamp) -> Vec<String> {
        let later = self.acts.split_off(&(now + SignedDuration::from_nanos(1)));
        let mut told = Vec::new();
        for (at, acts) in std::mem::replace(&mut self.acts, later) {
            for act in acts {
                told.push(format!("{at} {} {} {:?}", act.partition, act.what, act.change));
                self.remember(&act, at);
                let objects = self.objects.entry(act.partition).or_default();
                match act.change {
                    Change::Write { bytes, objects: count } => {
                        objects.extend((0..count).map(|i| (format!("part-{i}"), (bytes + 10 * i, at))))
                    }
                    Change::Mark => drop(objects.insert(SUCCESS.to_owned(), (0, at))),
                    Change::Shrink => objects.retain(|name, _| name == SUCCESS || name == "part-0"),
                    Change::Delete => objects.clear(),
                }
                self.objects.retain(|_, objects| !objects.is_empty());
            }
        }
        told
    }
}

fn dataset(hourly: bool, marker: bool, zone: &str) -> Dataset {
    let (path, due) = match hourly {
        true => ("t/{date}/{hour}/", "+1h20m"),
        false => ("t/{date}/", "+1d 10:30"),
    };
    let layout = Layout::parse(path).unwrap();
    assert_eq!(layout.cadence(), if hourly { Cadence::Hourly } else { Cadence::Daily });
    let landed_when = match marker {
        true => LandedWhen::Marker(Marker::Inside(SUCCESS.to_owned())),
        false => LandedWhen::Quiet { seconds: 600 },
    };
    let mut rules = default_rules();
    rules.retain(|rule| rule.metric != Metric::EmptyObjects);
    rules.push(Rule::new(Metric::EmptyObjects, Limit::at_most(0.0)));
    Dataset {
        zone: jiff::tz::TimeZone::get(zone).unwrap(),
        due: Some(Due::parse(due).unwrap()),
        landed_when,
        rules: rules.into(),
        ..Dataset::new("t", layout)
    }
}
